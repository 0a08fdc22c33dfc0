"""What is said of the matrix, in any medium: wording, answers, timeline, comparison."""
