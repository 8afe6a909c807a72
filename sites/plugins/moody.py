"""The Evening Mood: an ordinary paper on an extraordinary server. Nothing of that is a plugin's business."""

from sites import Site


class Moody(Site):
    hosts = ("moody.example",)
    seeds = ("http://moody.example/",)
    articles = ("/news/*",)
