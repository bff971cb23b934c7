"""When and whether: the weekly programme, the calendar, delivering and recovering."""
