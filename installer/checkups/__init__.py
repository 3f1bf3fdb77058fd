"""What `hos doctor` looks at: each check finds something and says what to do about it; none changes anything."""
