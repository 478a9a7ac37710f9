-- The database, as docs/schema.md describes it. Every index says which query it serves.

PRAGMA application_id = 1903521652;  -- "quot": a file that the builder may replace
PRAGMA user_version = 4;             -- goes up when a table or column changes

CREATE TABLE builds (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    version TEXT NOT NULL,
    model TEXT NOT NULL,
    articles INTEGER,
    quotes INTEGER,
    rejected INTEGER
);

-- The folders that articles were read from: the path of an article begins with the name of its folder.
CREATE TABLE folders (
    name TEXT PRIMARY KEY,
    place TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    url TEXT,
    title TEXT,
    publisher TEXT,
    author TEXT,
    place TEXT,
    published TEXT,
    language TEXT,
    text TEXT NOT NULL,
    build_id INTEGER NOT NULL REFERENCES builds(id),
    year INTEGER GENERATED ALWAYS AS (CAST(substr(published, 1, 4) AS INTEGER)) VIRTUAL
);

CREATE TABLE speakers (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'organization')),
    country TEXT,
    wikidata TEXT,
    listed INTEGER NOT NULL DEFAULT 0 CHECK (listed IN (0, 1)),
    quotes INTEGER NOT NULL DEFAULT 0,
    first_day TEXT,
    last_day TEXT
);

CREATE TABLE offices (
    id INTEGER PRIMARY KEY,
    speaker_id INTEGER NOT NULL REFERENCES speakers(id),
    office TEXT NOT NULL,
    body TEXT,
    country TEXT,
    start TEXT NOT NULL,
    "end" TEXT,
    source TEXT NOT NULL
);

CREATE TABLE quotes (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    speaker_id INTEGER REFERENCES speakers(id),
    kind TEXT NOT NULL CHECK (kind IN ('direct', 'mixed', 'indirect')),
    text TEXT NOT NULL,
    verbatim TEXT,
    source TEXT,
    cue TEXT,
    act TEXT,
    method TEXT,
    outer_id INTEGER REFERENCES quotes(id) ON DELETE SET NULL,
    addressee_id INTEGER REFERENCES speakers(id),
    channel TEXT,
    relayed_by TEXT,
    said_on TEXT,
    position INTEGER NOT NULL,
    paragraph INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    confidence REAL NOT NULL,
    year INTEGER GENERATED ALWAYS AS (CAST(substr(said_on, 1, 4) AS INTEGER)) VIRTUAL,
    CHECK (0 <= start AND start < "end")
);

CREATE TABLE spans (
    quote_id INTEGER NOT NULL REFERENCES quotes(id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('source', 'cue', 'content')),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (quote_id, role, start),  -- the spans of a quote, to mark them in its article
    CHECK (0 <= start AND start < "end")
) WITHOUT ROWID;

-- The mentions that lead from a quote's source to its speaker, in this order.
CREATE TABLE evidence (
    quote_id INTEGER NOT NULL REFERENCES quotes(id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    method TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    office_id INTEGER REFERENCES offices(id) ON DELETE SET NULL,
    PRIMARY KEY (quote_id, step),
    CHECK (0 <= start AND start < "end")
) WITHOUT ROWID;

CREATE TABLE countries (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
);

-- Columns in the order of the key: else PRAGMA quick_check of SQLite 3.40 finds fault with every row.
CREATE TABLE mentions (
    country TEXT NOT NULL REFERENCES countries(code),
    quote_id INTEGER NOT NULL REFERENCES quotes(id) ON DELETE CASCADE,
    PRIMARY KEY (country, quote_id)  -- what is said about a country
) WITHOUT ROWID;

-- Each quote once for every country it speaks of: to facet by both.
CREATE VIEW spoken_of AS
SELECT countries.name AS country, quotes.id AS quote_id, speakers.name AS speaker, quotes.act, quotes.said_on,
    quotes.year, quotes.kind, quotes.text
FROM mentions
JOIN countries ON countries.code = mentions.country
JOIN quotes ON quotes.id = mentions.quote_id
LEFT JOIN speakers ON speakers.id = quotes.speaker_id;

-- Every quote in order of days, the newest last: narrow rows, to count by. quotes/index.sql fills it, and the
-- index chronicle_fts, whose rowid is this id.
CREATE TABLE chronicle (
    id INTEGER PRIMARY KEY,
    quote_id INTEGER NOT NULL REFERENCES quotes(id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    day TEXT,
    speaker_id INTEGER REFERENCES speakers(id),
    kind TEXT NOT NULL,
    publisher TEXT,
    addressee_id INTEGER REFERENCES speakers(id),
    act TEXT,
    channel TEXT,
    countries TEXT,
    length INTEGER NOT NULL,
    reports INTEGER NOT NULL
);

-- In how many quotes each word is.
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY,
    quotes INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE rejects (
    path TEXT PRIMARY KEY,
    reason TEXT NOT NULL
);

-- A builder's look at what it has read before from a file.
CREATE INDEX articles_path ON articles(path);
-- Articles of one publisher in order of date; the publisher facet.
CREATE INDEX articles_publisher ON articles(publisher, published);
-- Articles of a day, and the newest first.
CREATE INDEX articles_published ON articles(published);
-- The year facet of articles.
CREATE INDEX articles_year ON articles(year);
-- Articles read by one build, and builds that none is left of.
CREATE INDEX articles_build ON articles(build_id);
-- The offices of a speaker, and who held which on a date.
CREATE INDEX offices_speaker ON offices(speaker_id, start);
-- The quotes of an article in its order.
CREATE INDEX quotes_article ON quotes(article_id, position);
-- What a speaker said, between two dates; quotes whose speaker is not known; the most quoted.
CREATE INDEX quotes_speaker ON quotes(speaker_id, said_on);
-- Quotes of a day, and the newest first.
CREATE INDEX quotes_said_on ON quotes(said_on);
-- Who speaks to whom.
CREATE INDEX quotes_addressee ON quotes(addressee_id, speaker_id);
-- What stands inside a quote: chains of who reported whom.
CREATE INDEX quotes_outer ON quotes(outer_id);
-- The countries that a quote speaks of.
CREATE INDEX mentions_quote ON mentions(quote_id);
-- What an office decided; needed when the office goes.
CREATE INDEX evidence_office ON evidence(office_id);
-- Quotes by act in order of date; the act facet.
CREATE INDEX quotes_act ON quotes(act, said_on);
-- Quotes by channel in order of date; the channel facet.
CREATE INDEX quotes_channel ON quotes(channel, said_on);
-- The kind facet, and a filter by kind in order of date.
CREATE INDEX quotes_kind ON quotes(kind, said_on);
-- The year facet of quotes.
CREATE INDEX quotes_year ON quotes(year);
-- The place of a quote in the order of days; needed when the quote goes.
CREATE INDEX chronicle_quote ON chronicle(quote_id);
-- Needed when the article goes.
CREATE INDEX chronicle_article ON chronicle(article_id);
-- The part of the order that is between two days.
CREATE INDEX chronicle_day ON chronicle(day);
-- A speaker's quotes by day, the statements most reported; needed when the speaker goes.
CREATE INDEX chronicle_speaker ON chronicle(speaker_id, reports);
-- Needed when the addressee goes.
CREATE INDEX chronicle_addressee ON chronicle(addressee_id);
-- The most quoted speakers.
CREATE INDEX speakers_quotes ON speakers(quotes);
