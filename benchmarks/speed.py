"""Measure speed beside spaCy's: ``python benchmarks/speed.py FOLDER [--articles N]``.

Prints how many words a second one core turns from text into attributions, and how many spaCy's
small English pipeline works through, with entities and without. All take turns over the same
articles, N from all over FOLDER, each in a process of its own: in one process with ONNX Runtime,
spaCy is a quarter slower. What counts is the processor time of a round.

The weights of en_core_web_sm need a download. So a pipeline of its shape is made here, with its
layers and its numbers of labels, but without its attribute ruler and lemmatizer, which would cost
it some more time. It is trained for a moment, on articles of FOLDER annotated by rules of thumb:
untrained, it makes a sentence and a name of every word, and that takes time of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

OURS, SPACY = "quotes", "spaCy"
CONTENDERS = (OURS, SPACY, "spaCy without ner")
ROUNDS = 5
WIDTH = 96
FEATURES = {"NORM": 5000, "PREFIX": 1000, "SUFFIX": 2500, "SHAPE": 2500}
SPACES = {"SPACY": 50, "IS_SPACE": 50}
TAGS, DEPENDENCIES, ENTITIES = 50, 44, 18  # and ROOT
EXAMPLES, LENGTH, BATCH, UPDATES, LEARN_RATE = 300, 100, 4, 75, 0.005
ENDS = (".", "?", "!")

Work = Callable[[Sequence[str]], Iterable[object]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0].partition(":")[0])
    parser.add_argument("folder", type=Path, help="where the articles are, as .txt")
    parser.add_argument("--articles", type=int, default=100, help="how many of them (100)")
    given = parser.parse_args()
    if find_spec("spacy") is None:
        print("spaCy is missing: pip install -e '.[bench]'", file=sys.stderr)
        sys.exit(2)
    take_one_core()
    texts = choose(given.folder, given.articles)
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} articles, {words:,} words, {ROUNDS} rounds on one core")
    report(rates(given.folder, texts, words))


def take_one_core() -> None:
    """Keep this process and those that it will start, with their libraries, on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS"):
        os.environ[f"{library}_NUM_THREADS"] = "1"


def choose(folder: Path, count: int) -> list[str]:
    """Return the texts of *count* articles from all over a folder."""
    paths = sorted(folder.glob("*.txt"))
    if not paths or count < 1:
        sys.exit(f"{folder}: no articles")
    step = max(1, len(paths) // count)
    return [path.read_text("utf-8") for path in paths[::step][:count]]


def rates(folder: Path, texts: Sequence[str], words: int) -> dict[str, list[float]]:
    """Return the words a second of each contender's rounds, after one to warm up."""
    found: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    spawn = get_context("spawn")
    with ExitStack() as stack:
        pools = {
            name: stack.enter_context(ProcessPoolExecutor(1, mp_context=spawn))
            for name in CONTENDERS
        }
        print(pools[SPACY].submit(describe, folder, texts).result())
        for number in range(ROUNDS + 1):
            for name, pool in pools.items():
                seconds = pool.submit(processor_time, name, folder, texts).result()
                if number:
                    found[name].append(words / seconds)
    return found


def processor_time(name: str, folder: Path, texts: Sequence[str]) -> float:
    """Return the seconds of processor time that a contender takes."""
    work = contender(name, folder)
    started = time.process_time()
    deque(work(texts), maxlen=0)
    return time.process_time() - started


@cache
def contender(name: str, folder: Path) -> Work:
    """Return what takes texts and yields what it finds in each, made once a process."""
    if name == OURS:
        from quotes.pipeline import find

        return partial(map, find)
    return partial(pipeline(folder).pipe, disable=[] if name == SPACY else ["ner"])


def describe(folder: Path, texts: Sequence[str]) -> str:
    """Return how much spaCy finds, which should be about as much as there is."""
    docs = list(pipeline(folder).pipe(texts))
    sentences = sum(1 for doc in docs for _ in doc.sents)
    names = sum(len(doc.ents) for doc in docs)
    return f"spaCy {version('spacy')} finds {sentences:,} sentences and {names:,} names"


def report(found: dict[str, list[float]]) -> None:
    """Print the rates, and ours by each of the others'."""
    print(f"{'':30}{'median':>9}{'min':>9}{'max':>9}")
    for name, values in found.items():
        line(f"{name}, words/s", values, ",.0f")
    for name in CONTENDERS[1:]:
        ratios = [one / other for one, other in zip(found[OURS], found[name], strict=True)]
        line(f"{OURS} / {name}", ratios, ".2f")


def line(name: str, values: Sequence[float], form: str) -> None:
    """Print a name with the median and the ends of its values."""
    print(f"{name:30}" + "".join(f"{one(values):>9{form}}" for one in (median, min, max)))


@cache
def pipeline(folder: Path) -> Language:
    """Return a pipeline of the shape of en_core_web_sm, trained for a moment, once a process."""
    from spacy.util import fix_random_seed, load_model_from_config
    from thinc.api import Adam

    fix_random_seed(0)
    nlp = load_model_from_config(config(), auto_fill=True)
    examples = [example(nlp, text) for text in choose(folder, EXAMPLES)]
    nlp.initialize(lambda: examples)
    optimizer = Adam(LEARN_RATE)
    for number in range(UPDATES):
        start = number * BATCH % len(examples)
        nlp.update(examples[start : start + BATCH], sgd=optimizer)
    return nlp


def config() -> dict[str, Any]:
    """Return spaCy's configuration of the pipeline."""
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "tok2vec"}
    tagger = {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}
    parser = transitions("parser", listener)
    components = {
        "tok2vec": {"factory": "tok2vec", "model": tok2vec(FEATURES | SPACES)},
        "tagger": {"factory": "tagger", "model": tagger},
        "parser": {"factory": "parser", "min_action_freq": 1, "model": parser},
        "ner": {"factory": "ner", "model": transitions("ner", tok2vec(FEATURES))},
    }
    nlp = {"lang": "en", "pipeline": list(components), "batch_size": 256}
    return {"nlp": nlp, "components": components}


def tok2vec(features: dict[str, int]) -> dict[str, Any]:
    """Return the configuration of the layers that make vectors of words."""
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": WIDTH,
        "attrs": list(features),
        "rows": list(features.values()),
        "include_static_vectors": False,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "depth": 4,
        "window_size": 1,
        "maxout_pieces": 3,
    }
    return {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}


def transitions(kind: str, vectors: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of a parser or of an entity recogniser."""
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": kind,
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": vectors,
    }


def example(nlp: Language, text: str) -> Example:
    """Return the beginning of a text, annotated by rules of thumb."""
    from spacy.tokens import Doc
    from spacy.training import Example

    doc = nlp.make_doc(text)[:LENGTH].as_doc()
    words = [token.text for token in doc]
    heads = find_heads(words)
    loose = [
        "ROOT" if head == place else label(words[place], DEPENDENCIES)
        for place, head in enumerate(heads)
    ]
    right = Doc(
        nlp.vocab,
        words=words,
        spaces=[bool(token.whitespace_) for token in doc],
        tags=[label(word, TAGS) for word in words],
        heads=heads,
        deps=loose,
        ents=find_names(words, heads),
    )
    return Example(doc, right)


def find_heads(words: Sequence[str]) -> list[int]:
    """Return the place of each word's head.

    A sentence begins after a full stop. A short word hangs on the next one, any other on the first.
    """
    heads: list[int] = []
    first = 0
    for place, word in enumerate(words):
        if place and words[place - 1] in ENDS:
            first = place
        loose = first < place < len(words) - 1 and len(word) < 4 and word not in ENDS
        heads.append(place + 1 if loose else first)
    return heads


def find_names(words: Sequence[str], heads: Sequence[int]) -> list[str]:
    """Return for each word whether it begins a name, continues one, or neither.

    Every word with a capital letter is of a name, unless it is the first of its sentence.
    """
    names: list[str] = []
    for place, word in enumerate(words):
        if not word.istitle() or heads[place] == place:
            names.append("O")
        elif place and names[-1] != "O":
            names.append(f"I{names[-1][1:]}")
        else:
            names.append(f"B-{label(word, ENTITIES)}")
    return names


def label(word: str, count: int) -> str:
    """Return one of *count* labels, always the same for a word."""
    return str((ord(word[0]) + ord(word[-1])) % count)


if __name__ == "__main__":
    main()
