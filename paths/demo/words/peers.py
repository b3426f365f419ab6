"""What students of the demo teacher's class offer and ask for."""

OFFERS = ("I draw it first, I can show you.", "", "I know a trick with number lines.")
WISHES = ("The stories are hard to start.", "", "I would like to see it with a drawing.")
THANKS = "Your drawing helped me. Now I start with it too."
