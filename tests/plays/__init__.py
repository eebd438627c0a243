"""Random plays: seeded stories in which anything comes in any order, and every promise shown is held to what is so."""
