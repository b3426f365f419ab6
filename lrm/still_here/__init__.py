"""What was posted after the session had ended is not lost, in no form of the site and without script.

The posted words go with the sign-in page in the browser (`carrying`), bound to the account that this browser was last
signed in as (`last_account`). Once the same person has signed in they wait in the session (`waiting`), and a page
shows them with a button that posts them to where they were going (`views`). Nothing is ever sent by itself.
"""
