from markupsafe import Markup, escape


def highlighted(marked, open, close):
    return Markup(str(escape(marked)).replace(open, "<mark>").replace(close, "</mark>"))


def snippet(marked, open, close, length=300):
    return marked


def shown(text):
    return text
