"""Training, on a tiny encoder and made-up texts: it learns, it goes on, its model can be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT

from quotes.cli import main
from quotes.model import CARD, MANIFEST, SHIPPED, TOKENIZER, Model
from quotes.pipeline import find

torch = pytest.importorskip("torch", reason="no training: the extra quotes[train] is not here")
pytest.importorskip("transformers", reason="no training: the extra quotes[train] is not here")
pytest.importorskip("onnx", reason="no training: the extra quotes[train] is not here")

NAMES = ("Lee", "Berg", "Dai", "Moreau", "Okoye", "Vance", "Holm", "Iyer")
THINGS = ("bridge", "harbour", "ferry", "market", "road", "tower")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that knows nothing, with the word pieces of the model that ships."""
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=48,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / TOKENIZER).write_bytes((SHIPPED / TOKENIZER).read_bytes())
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up texts of one pattern."""
    path = tmp_path_factory.mktemp("data") / "made-up.txt"
    texts = [
        f"The {thing} was old. <s1>{name}</s1> <q1>said</q1> <c1>that the {thing} was new</c1>."
        for name in NAMES
        for thing in THINGS
    ]
    path.write_text("\n---\n".join(texts), "utf-8")
    return path


def test_it_learns_and_writes_a_model_that_works(base: Path, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "model"
    command = ["train", str(data), "--base", str(base), "--out", str(out), "--name", "tiny"]
    rates = ["--epochs", "30", "--batch", "256", "--encoder-rate", "0.01", "--head-rate", "0.01"]
    result = CliRunner().invoke(main, [*command, *rates])
    assert result.exit_code == 0, result.output
    text = "The ferry was old. Berg said that the ferry was new."
    found = find(text, Model(out))
    assert [one.source and one.source.of(text) for one in found] == ["Berg"]
    assert [span.of(text) for span in found[0].content] == ["that the ferry was new"]
    assert json.loads((out / MANIFEST).read_text("utf-8"))["name"] == "tiny"
    card = (out / CARD).read_text("utf-8")
    assert card.startswith("# tiny\n")
    assert "base " + base.name in card
    again = CliRunner().invoke(main, [*command, *rates])
    assert "going on after" in again.output


def test_interrupted_it_comes_to_the_same(
    base: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quotes.features import word_pieces
    from quotes.markup import read_markup
    from quotes.train import fit as fitting
    from quotes.train.examples import examples
    from quotes.train.recipe import load_tokenizer

    monkeypatch.setattr(fitting, "_SAVE_SECONDS", 0)
    monkeypatch.setattr(fitting, "_SAY_STEPS", 3)
    tokenizer = load_tokenizer(str(base))
    articles = examples([*read_markup(data)], word_pieces(tokenizer))
    settings = fitting.Settings(str(base), epochs=3, batch=256)

    def stop_at_six(line: str) -> None:
        if line.startswith("step 6 "):
            raise KeyboardInterrupt

    def fit(state: str, say: object = lambda _: None) -> dict[str, torch.Tensor]:
        network = fitting.fit(articles, tokenizer, settings, tmp_path / state, say, "cpu")  # type: ignore[arg-type]
        return dict(network.state_dict())

    whole = fit("whole.pt")
    with pytest.raises(KeyboardInterrupt):
        fit("parts.pt", stop_at_six)
    parts = fit("parts.pt")
    assert whole.keys() == parts.keys()
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_bad_data_is_one_line(base: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("<s1>Lee said", "utf-8")
    command = ["train", str(bad), "--base", str(base), "--out", str(tmp_path / "model")]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert result.output == f"Error: {bad}, text 1: <s1> has no partner\n"


def test_what_it_was_trained_on_of_ours_is_as_it_was() -> None:
    from quotes.train.recipe import fingerprint

    card = (SHIPPED / CARD).read_text("utf-8")
    assert f"`styles.txt`, SHA-256 `{fingerprint(ROOT / 'training' / 'styles.txt')}`" in card
