-- What the search pages read (docs/decisions.md, "Pages"), made anew at the end of each build.

-- In order of days, and in each day's articles from the last to the first quote: so that the highest id
-- is the newest, and those of an article come in its order when the newest are asked for.
DELETE FROM chronicle;
INSERT INTO chronicle
SELECT row_number() OVER (ORDER BY coalesce(said_on, published), article_id, position DESC),
    quotes.id, article_id, coalesce(said_on, published), speaker_id, kind, publisher, addressee_id, act, channel,
    (SELECT group_concat(country, ' ') FROM mentions WHERE quote_id = quotes.id), length(quotes.text), 1
FROM quotes JOIN articles ON articles.id = article_id;

-- The same words by the same speaker in several articles: one statement, reported so often.
WITH statements AS MATERIALIZED (
    SELECT chronicle.id, quotes.speaker_id, quotes.article_id,
        lower(trim(text, ' "“”‘’.,;:!?')) AS words
    FROM quotes JOIN chronicle ON quote_id = quotes.id
    WHERE quotes.speaker_id IS NOT NULL AND length(text) >= 20
),
same AS (
    SELECT speaker_id, words, count(DISTINCT article_id) AS reports
    FROM statements GROUP BY speaker_id, words HAVING reports > 1
)
UPDATE chronicle SET reports = same.reports
FROM statements JOIN same USING (speaker_id, words)
WHERE statements.id = chronicle.id;

UPDATE speakers SET quotes = 0, first_day = NULL, last_day = NULL;
UPDATE speakers SET (quotes, first_day, last_day) = (figures.quotes, figures.first_day, figures.last_day)
FROM (
    SELECT speaker_id, count(*) AS quotes, min(day) AS first_day, max(day) AS last_day
    FROM chronicle GROUP BY speaker_id
) AS figures
WHERE speaker_id = speakers.id;

-- Words and filters in one index, so that FTS5 intersects them; "every" is in all, "sample8" in every
-- eighth of the order of days and so on, to estimate counts from.
DROP TABLE IF EXISTS chronicle_fts;
CREATE VIRTUAL TABLE chronicle_fts USING fts5(
    text, source, tags, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
INSERT INTO chronicle_fts(rowid, text, source, tags)
SELECT chronicle.id, text, source,
    'every kind' || hex(chronicle.kind) || ' speaker' || hex(coalesce(speakers.slug, ''))
    || coalesce(' addressee' || hex(addressees.slug), '') || coalesce(' publisher' || hex(publisher), '')
    || coalesce(' act' || hex(chronicle.act), '') || coalesce(' channel' || hex(chronicle.channel), '')
    || coalesce((SELECT group_concat(' country' || hex(country), '') FROM mentions WHERE quote_id = quotes.id), '')
    || iif(chronicle.id % 8 = 0, ' sample8', '') || iif(chronicle.id % 64 = 0, ' sample64', '')
    || iif(chronicle.id % 512 = 0, ' sample512', '')
FROM chronicle
JOIN quotes ON quotes.id = quote_id
LEFT JOIN speakers ON speakers.id = chronicle.speaker_id
LEFT JOIN speakers AS addressees ON addressees.id = chronicle.addressee_id
ORDER BY chronicle.id;
INSERT INTO chronicle_fts(chronicle_fts) VALUES ('optimize');

-- Words as they are written, not their stems: to offer one that is near to a word that is in none.
CREATE VIRTUAL TABLE temp.words USING fts5(
    text, source, content = '', detail = 'none', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO temp.words(rowid, text, source) SELECT id, text, source FROM quotes;
CREATE VIRTUAL TABLE temp.counts USING fts5vocab('temp', 'words', 'row');
DELETE FROM vocabulary;
INSERT INTO vocabulary SELECT term, doc FROM temp.counts WHERE length(term) > 2 AND term GLOB '*[^0-9]*';
DROP TABLE temp.counts;
DROP TABLE temp.words;
