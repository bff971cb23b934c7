"""Anexo 01, the office's weekly programme: workbooks and printed sheets in and out; no database, no network."""
