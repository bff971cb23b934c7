"""What came back: comments and their follow-up, metrics, the indicator, the monthly report. To be built."""
