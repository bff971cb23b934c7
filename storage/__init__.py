"""What is kept: tables, migrations, media by digest, sealed credentials. SQLite and PostgreSQL."""
