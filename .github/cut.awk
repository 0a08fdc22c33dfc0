# Cut a request's text, of which GitHub takes 65,536 characters, after a line outside <details>.
BEGIN { most = 60000 }
{
  size += length($0) + 1
  held = held $0 "\n"
  open += gsub(/<details/, "&") - gsub(/<\/details>/, "&")
}
size > most {
  print "\n**Cut here:** the summary of the workflow's run has the whole text."
  exit
}
open <= 0 {
  printf "%s", held
  held = ""
}
END { if (size <= most) printf "%s", held }
