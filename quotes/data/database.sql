-- What a corpus as an SQLite file holds besides its tables: links, indexes, views, a search over the words of claims.

CREATE TABLE links (
  id INTEGER PRIMARY KEY,
  cluster TEXT NOT NULL, -- the claims that are the same across articles share it
  claim_id INTEGER NOT NULL REFERENCES claims (id), -- the claim as one article carries it; a copy has a row of its own
  article TEXT NOT NULL REFERENCES articles (article), -- id of the article
  publisher TEXT, -- who published it, by the lexicon's name
  published TEXT, -- date or date and time, ISO 8601
  file TEXT, -- where it was read from
  reason TEXT, -- how its words agree: verbatim, fragment, near-verbatim or paraphrase; none for the reference wording
  score REAL, -- the share of the words that agrees, from 0 to 1
  agrees_with INTEGER REFERENCES claims (id) -- the claim that they agree with
);

CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_publisher ON articles (publisher);
CREATE INDEX copies_article ON copies (article);
CREATE INDEX sources_name ON sources (name);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_claim_id ON passages (claim_id);
CREATE INDEX hops_claim_id ON hops (claim_id);
CREATE INDEX hops_source_id ON hops (source_id);
CREATE INDEX hops_name ON hops (name);
CREATE INDEX issues_article ON issues (article);
CREATE INDEX links_cluster ON links (cluster);
CREATE INDEX links_claim_id ON links (claim_id);
CREATE INDEX links_article ON links (article);

-- Claims of speech with where they stand and their chain in one line, outermost source first, the origin last.
CREATE VIEW claim_list AS
SELECT c.id, a.published, a.publisher, a.title, c.text,
       (SELECT group_concat(value, ' > ') FROM json_each(c.chain)) AS chain,
       c.kind, c.origin, c.path, c.confidence, c.cue, c.mention, a.url, a.file, c.article, c.claim
FROM claims c JOIN articles a ON a.article = c.article
WHERE c.act = 'speech';

-- The links of every chain beside the claim's words: position 0 is nearest the reader, the origin is the last.
CREATE VIEW chains AS
SELECT h.claim_id, c.text, h.position, h.name, s.kind, s.role, h.relation, h.basis, h.cue, h.confidence, h.source_id,
       h.article
FROM hops h JOIN claims c ON c.id = h.claim_id LEFT JOIN sources s ON s.id = h.source_id;

-- Who is heard in the corpus: in how many claims of speech as the origin, in how many on the way, in how many articles.
CREATE VIEW heard AS
SELECT coalesce(h.canonical, h.name) AS name, coalesce(s.kind, 'anonymous') AS kind,
       sum(h.position = ends.last) AS claims, sum(h.position < ends.last) AS relayed,
       count(DISTINCT h.article) AS articles
FROM hops h
JOIN claims c ON c.id = h.claim_id AND c.act = 'speech'
JOIN (SELECT claim_id, max(position) AS last FROM hops GROUP BY claim_id) ends ON ends.claim_id = h.claim_id
LEFT JOIN sources s ON s.id = h.source_id
GROUP BY 1, 2;

-- Every place where a text stands: the articles and their copies.
CREATE VIEW publications AS
SELECT article, file, title, publisher, published, url, duplicate FROM articles
UNION ALL
SELECT article, file, title, publisher, published, url, duplicate FROM copies;

-- Claims that several articles carry, by the reference wording.
CREATE VIEW shared_claims AS
SELECT l.cluster, c.text, c.id AS claim_id, counted.articles, counted.publishers, counted.first, counted.last
FROM links l
JOIN claims c ON c.id = l.claim_id
JOIN (SELECT cluster, count(DISTINCT coalesce(file, article)) AS articles, count(DISTINCT publisher) AS publishers,
             min(published) AS first, max(published) AS last
      FROM links GROUP BY cluster) counted ON counted.cluster = l.cluster
WHERE l.reason IS NULL;

CREATE VIRTUAL TABLE claims_fts USING fts5 (
  text, content="claims", content_rowid="id", tokenize="porter unicode61 remove_diacritics 2"
);
