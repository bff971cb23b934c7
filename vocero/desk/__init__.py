"""The office's own web server. So far it only lends files to networks that fetch them; the desk itself comes later."""
