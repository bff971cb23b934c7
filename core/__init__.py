"""The words of the domain: values, states and errors. Standard library only; imports nobody."""
