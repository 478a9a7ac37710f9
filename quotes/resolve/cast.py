"""Who is named in an article, and whom each name in it names."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quotes.gazetteer import country_of
from quotes.models import Resolution, Segments, Span, Speaker, Step
from quotes.registry import Registry, plain
from quotes.resolve.names import Name, find_names, persons

Holder = Callable[[Name], Speaker | None]
_MORE, _FAR_MORE = 2, 3  # times
_CLAN = 50  # persons of one surname, of whom nothing more can be told
_FEW = 5  # mentions are enough to see what a name is like
_Key = tuple[str, str, str]  # first and last word, and what tells a son from his father


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose name stands in the article.

    ``anchor`` is where the name stands first, and ``method`` how that tells who it is;
    ``titles`` are all that stand before it, ``times`` how often it stands in full.
    """

    speaker: Speaker
    anchor: Name
    method: str
    titles: frozenset[str]
    times: int


@dataclass(frozen=True, slots=True)
class Cast:
    """The names of an article in its order, and who bears each full name, and word of one.

    ``surnames`` are the last words of names that may be a person's, even if nothing shows it.
    """

    names: tuple[Name, ...]
    bearers: Mapping[str, tuple[Person, ...]]
    registry: Registry
    surnames: frozenset[str]

    def between(self, start: int, end: int) -> Sequence[Name]:
        """Return the names that begin in a stretch of text."""
        first = bisect_left(self.names, start, key=lambda name: name.span.start)
        return self.names[first : bisect_left(self.names, end, key=lambda name: name.span.start)]

    def bearers_of(self, words: str) -> tuple[Person, ...]:
        """Return who in the article bears a name, or a part of one."""
        return self.bearers.get(_fold(words), ())

    def identify(self, name: Name) -> Resolution:
        """Say whom a name names; nobody where that is open."""
        bearers = self.bearers_of(name.full)
        listed = _listed(name, self.registry)
        if name.single:
            return self._by_one_word(name, bearers, listed)
        if len(bearers) == 1:
            return _resolution(bearers[0].speaker, name, "name")
        if listed and not bearers:
            return _resolution(listed, name, "name")
        if not bearers and (known := self._within(name)):
            return _resolution(known, name, "name")
        if name.kind == "organization":
            return _resolution(Speaker(name.full, "organization"), name, "name")
        return Resolution()

    def _within(self, name: Name) -> Speaker | None:
        """Return who bears the end of a name, as in "Conservative Icon Bob Berg"."""
        words = name.full.split()
        endings = (" ".join(words[start:]) for start in range(1, len(words) - 1))
        found = [self.bearers_of(ending) for ending in endings]
        return next((who[0].speaker for who in found if len(who) == 1), None)

    def _by_one_word(
        self, name: Name, bearers: Sequence[Person], listed: Speaker | None
    ) -> Resolution:
        """Say whom a surname, a given name or an alias names: the only one whom it fits."""
        fitting = _known(name, [one for one in bearers if _agrees(name, one.speaker)])
        if len(fitting) > 1:
            fitting = _likeliest(name, fitting, listed)
        relative = listed is not None and not _agrees(name, listed)  # Mrs. Trump
        listed = None if relative else listed
        if len(fitting) == 1:
            person = fitting[0]
            others = [other.speaker for other in bearers if other is not person]
            if not others and listed not in (None, person.speaker):
                return Resolution()
            found = _resolution(person.speaker, name, person.method)
            if not person.anchor.single:
                found = replace(found, method="surname", chain=surname(name.span, person))
            return replace(found, runner_up=others[0] if others else None)
        if fitting:
            return Resolution()
        if listed:
            return _resolution(listed, name, "alias")
        if _is_titled(name) and not relative:
            return _resolution(Speaker(name.full, pronoun=name.pronoun), name, "name")
        return Resolution()


def read_cast(
    text: str,
    segments: Segments,
    registry: Registry,
    holder: Holder = lambda _: None,
) -> Cast:
    """Return who is named in a text.

    *holder* tells whom a surname with an office before it names: "French President Macron".

    >>> from quotes.registry import registry
    >>> from quotes.segment import segment
    >>> text = "Ann Lee, a farmer, met Xi Jinping. Mrs. Lee said so."
    >>> cast = read_cast(text, segment(text), registry())
    >>> [cast.identify(name).speaker.name for name in cast.names]
    ['Ann Lee', 'Xi Jinping', 'Ann Lee']
    """
    names = find_names(text, segments)
    bearers: dict[str, list[Person]] = defaultdict(list)
    full = [name for name in persons(names) if _may_be_person(registry.named(name.full))]
    for forms in _same(full, registry):
        person = _person(forms, registry)
        for part in {_fold(part) for form in forms for part in _parts(form)}:
            bearers[part].append(person)
    for name in names:  # "Mr. Holm", who is never named in full
        if _is_titled(name) and _fold(name.full) not in bearers:
            bearers[_fold(name.full)].append(_titled(name, registry, holder))
    surnames = frozenset(name.last for name in names if name.kind is None and not name.single)
    return Cast(names, {word: tuple(who) for word, who in bearers.items()}, registry, surnames)


def _may_be_person(listed: Speaker | None) -> bool:
    """Whether a name is not that of an organization in the registry."""
    return listed is None or listed.kind == "person"


def _is_titled(name: Name) -> bool:
    """Whether a title shows that a single word is somebody's surname: "chief U.S. adviser"."""
    return (
        name.single
        and name.kind == "person"
        and country_of(name.full) is None
        and bool(name.titles)
    )


def _same(names: Iterable[Name], registry: Registry) -> Iterable[list[Name]]:
    """Put the mentions of one person together: those with the same first and last word."""
    groups: dict[_Key, list[Name]] = defaultdict(list)
    for name in names:
        groups[_fold(name.first), _fold(name.last), name.generation].append(name)
    relatives: dict[str, list[_Key]] = defaultdict(list)
    for key in groups:
        relatives[key[1]].append(key)
    for key in list(groups):
        if len(relatives[key[1]]) > _CLAN:
            continue
        _settle(key, groups, [other for other in relatives[key[1]] if other in groups], registry)
    return groups.values()


def _settle(
    key: _Key, groups: dict[_Key, list[Name]], relatives: Sequence[_Key], registry: Registry
) -> None:
    """Give the mentions of one name to the person of a longer one, or drop them, if need be."""
    forms = groups[key]
    if _is_glued(forms, [other for other in relatives if other[0] != key[0]]):
        groups.pop(key)
        return
    if not forms[0].has_given_name and any(
        one.has_given_name and plain(forms[0].full).endswith(f" {plain(one.full)}")
        for other in relatives
        if other != key
        for one in groups[other][:1]
    ):
        groups.pop(key)  # Crooked Hillary Clinton, where there is Hillary Clinton
        return
    ending = [one for one in relatives if one[2] == key[2] and _ends(groups[one], forms)]
    juniors = [one for one in relatives if one[0] == key[0] and one[2] and not key[2]]
    if len(ending) == 1:
        groups[ending[0]] += groups.pop(key)
    elif juniors and not registry.named(forms[0].full):
        groups.pop(key)  # Robert Berg, where there are Robert Berg Sr. and Robert Berg Jr.
        if len(juniors) == 1:
            groups[juniors[0]] += forms


def _is_glued(forms: Sequence[Name], relatives: Sequence[_Key]) -> bool:
    """Whether the word that opens a sentence stands before another's surname: "Hail Lee"."""
    shown = (
        name.has_given_name or name.titles or not name.opens or name.full.split()[1].islower()
        for name in forms
    )  # Ludwig van Lee is no sentence that begins with "Ludwig"
    return bool(relatives) and not any(shown)


def _ends(longer: Sequence[Name], shorter: Sequence[Name]) -> bool:
    """Whether a full name ends with another: Pilar Ruiz Ortega, Mrs. Ruiz Ortega."""
    return any(_fold(one.full).endswith(f" {_fold(shorter[0].full)}") for one in longer[:_FEW])


def _person(forms: Sequence[Name], registry: Registry) -> Person:
    fullest = max(forms, key=lambda form: (not form.full.isupper(), len(form.full)))
    namesake = forms[0].ordinary and not any(form.is_titled for form in forms)
    listed = (_listed(form, registry) for form in forms if not namesake)
    known = (form.pronoun or form.given for form in forms)
    pronoun = next(filter(None, known), None)
    return Person(
        speaker=next(filter(None, listed), None) or Speaker(fullest.full, pronoun=pronoun),
        anchor=forms[0],
        method="name",
        titles=frozenset(title for form in forms for title in form.titles),
        times=len(forms),
    )


def _listed(name: Name, registry: Registry) -> Speaker | None:
    """Return whom the registry has under a name, with middle initials or without: Ann B. Lee."""
    words = name.full.split()
    bare = " ".join(w for w in words if w in (words[0], words[-1]) or len(w.strip(".")) > 1)
    return registry.named(name.full) or registry.named(bare)


def _parts(name: Name) -> Iterator[str]:
    """Yield how somebody of a full name may be called later: Pilar Ruiz Ortega is Ruiz, too."""
    yield name.full
    words = name.full.split()
    yield from (
        word.removeprefix("al-")
        for word in (*words, name.last, name.first)
        if len(word.strip(".")) > 1 and word.strip(".") != name.generation and not word.islower()
    )
    yield from (" ".join(words[start:]) for start in range(1, len(words)))


def _fold(words: str) -> str:
    return plain(words).casefold()


def _agrees(name: Name, speaker: Speaker) -> bool:
    return not (name.pronoun and speaker.pronoun) or name.pronoun == speaker.pronoun


def _known(name: Name, bearers: Sequence[Person]) -> Sequence[Person]:
    """Return those who have been named in full before, if any have: a reader knows no others."""
    return [one for one in bearers if one.anchor.start < name.start] or bearers


def _likeliest(name: Name, bearers: Sequence[Person], listed: Speaker | None) -> list[Person]:
    """Return those of several bearers that share a title with a name, or are meant without one.

    That is whom no kinship introduces; whose surname it is, not the given name; whom our registry
    knows by the surname alone, if named in full first; whom alone it knows, if nobody is named in
    full more often; else who is named first and far more often.
    """
    titled = [person for person in bearers if person.titles & set(name.titles)]
    if titled:
        return titled
    apart = [person for person in bearers if not person.anchor.kin]
    if len(apart) == 1 and apart[0].times >= _MORE * max(p.times for p in bearers if p.anchor.kin):
        return apart
    by_surname = [one for one in bearers if _fold(one.anchor.last) == _fold(name.full)]
    if len(by_surname) == 1:
        return by_surname
    listed_ones = [person for person in bearers if person.speaker.listed]
    first = min(bearers, key=lambda person: person.anchor.span)
    often = max(bearers, key=lambda person: person.times)
    if [first.speaker] == [one.speaker for one in listed_ones if one.speaker == listed]:
        return [first]
    if len(listed_ones) == 1 and listed_ones[0].times == often.times:
        return listed_ones
    others = [person.times for person in bearers if person is not often]
    clear = first is often and often.times >= _FAR_MORE * max(others)
    return [often] if clear else list(bearers)


def _titled(name: Name, registry: Registry, holder: Holder) -> Person:
    """Return who bears a title and a surname, and is never named in full."""
    unlisted = _person([name], registry)
    if office := holder(name):
        return replace(unlisted, speaker=office, method="office")
    listed = registry.named(name.full)
    return replace(unlisted, speaker=listed, method="alias") if listed else unlisted


def surname(words: Span, person: Person) -> tuple[Step, ...]:
    """Return the way from a part of a name to where the name stands in full."""
    return (Step(words, "surname"), Step(person.anchor.span, person.method))


def _resolution(speaker: Speaker, name: Name, method: str) -> Resolution:
    return Resolution(speaker, method, (Step(name.span, method),))
