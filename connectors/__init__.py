"""The seven platforms behind one interface. No database. How to add one: connectors/README.md."""
