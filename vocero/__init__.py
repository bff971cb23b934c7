"""The composed application: settings, actions, command line. It hands everybody what they need; it judges nothing."""
