CREATE TABLE schema_version (
    version INTEGER NOT NULL
);
CREATE TABLE state (
    store VARCHAR NOT NULL, 
    token VARCHAR NOT NULL
);
CREATE TABLE submissions (
    id VARCHAR NOT NULL, 
    title TEXT NOT NULL, 
    authors JSON NOT NULL, 
    venue TEXT NOT NULL, 
    decision TEXT, 
    short_names JSON NOT NULL, 
    openreview VARCHAR, 
    record TEXT NOT NULL, 
    bundled VARCHAR, 
    PRIMARY KEY (id)
);
CREATE INDEX ix_submissions_openreview ON submissions (openreview);
CREATE TABLE documents (
    "row" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
    id VARCHAR NOT NULL, 
    version INTEGER NOT NULL, 
    standing VARCHAR NOT NULL, 
    position INTEGER NOT NULL, 
    submission VARCHAR NOT NULL, 
    kind VARCHAR NOT NULL, 
    title TEXT NOT NULL, 
    text TEXT NOT NULL, 
    sections JSON NOT NULL, 
    points JSON NOT NULL, 
    author VARCHAR, 
    addressee VARCHAR, 
    origin VARCHAR NOT NULL, 
    source TEXT NOT NULL, 
    date VARCHAR, 
    digest VARCHAR NOT NULL, 
    bundled BOOLEAN NOT NULL, 
    UNIQUE (id, version), 
    FOREIGN KEY(submission) REFERENCES submissions (id)
);
CREATE INDEX documents_by_submission ON documents (submission, standing);
CREATE TABLE passages (
    "row" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
    id VARCHAR NOT NULL, 
    document INTEGER NOT NULL, 
    section TEXT, 
    start INTEGER NOT NULL, 
    "end" INTEGER NOT NULL, 
    page INTEGER, 
    aspect VARCHAR, 
    "where" TEXT, 
    checked BOOLEAN, 
    caveat TEXT, 
    text TEXT NOT NULL, 
    UNIQUE (id), 
    FOREIGN KEY(document) REFERENCES documents ("row")
);
CREATE INDEX ix_passages_document ON passages (document);
CREATE TABLE reviews (
    document INTEGER NOT NULL, 
    reviewer VARCHAR NOT NULL, 
    aliases JSON NOT NULL, 
    scores JSON NOT NULL, 
    PRIMARY KEY (document), 
    FOREIGN KEY(document) REFERENCES documents ("row")
);
