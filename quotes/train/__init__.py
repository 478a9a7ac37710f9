"""Training of the tagger: from articles marked by hand to the model that ships (extra ``train``)."""
