"""What is asked, who reads the answer and who asks; and the addresses of this site, which are asked again."""
