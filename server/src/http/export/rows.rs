//! Tokens as rows of a file: a table (RFC 4180) or an object a line. What is a secret, or says something of one, is not in
//! it.

use app::domain::token::TokenDetails;
use csv::{Terminator, Writer, WriterBuilder};
use serde::Serialize;
use std::{borrow::Cow, io};

/// What stands over the columns of a table.
const HEADINGS: [&str; 13] = [
    "id",
    "name",
    "description",
    "status",
    "accountId",
    "accountName",
    "modules",
    "createdById",
    "createdByName",
    "createdAt",
    "updatedAt",
    "lastAccessAt",
    "revision",
];

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A table, for spreadsheets.
    Table,
    /// A JSON object a line, for programs.
    Lines,
}

impl Form {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Table => "text/csv; charset=utf-8",
            Self::Lines => "application/x-ndjson",
        }
    }

    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Table => "csv",
            Self::Lines => "ndjson",
        }
    }

    /// What stands before the first row.
    pub(super) fn head(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Table => written([HEADINGS.map(Cow::Borrowed)]),
            Self::Lines => Ok(Vec::new()),
        }
    }

    /// These rows.
    pub(super) fn piece(self, tokens: &[TokenDetails]) -> io::Result<Vec<u8>> {
        match self {
            Self::Table => written(tokens.iter().map(cells)),
            Self::Lines => {
                let mut text = Vec::new();
                for token in tokens {
                    serde_json::to_writer(&mut text, &Line::from(token))?;
                    text.push(b'\n');
                }
                Ok(text)
            }
        }
    }
}

/// Rows of a table.
fn written<'a>(rows: impl IntoIterator<Item = [Cow<'a, str>; 13]>) -> io::Result<Vec<u8>> {
    let mut writer: Writer<Vec<u8>> = WriterBuilder::new()
        .has_headers(false)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        let cells = row.map(inert);
        writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
    }
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

/// A cell that no spreadsheet takes for a formula: an apostrophe goes before what it would begin with (I-30).
fn inert(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        cell
    }
}

fn cells(token: &TokenDetails) -> [Cow<'_, str>; 13] {
    let modules = token.modules.iter();
    let modules: Vec<_> = modules
        .map(|module| format!("{} {}", module.id, module.name))
        .collect();
    let moment = |at: Option<String>| Cow::Owned(at.unwrap_or_default());
    let line = Line::from(token);
    [
        line.id.into(),
        line.name.into(),
        line.description.into(),
        line.status.into(),
        line.account.id.into(),
        line.account.name.into(),
        modules.join("; ").into(),
        line.created_by.id.into(),
        line.created_by.name.into(),
        line.created_at.into(),
        moment(line.updated_at),
        moment(line.last_access_at),
        line.revision.to_string().into(),
    ]
}

/// A token as a line has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    id: String,
    name: &'a str,
    description: &'a str,
    status: &'static str,
    account: Named<'a>,
    modules: Vec<GivenModule<'a>>,
    created_by: Named<'a>,
    created_at: String,
    updated_at: Option<String>,
    last_access_at: Option<String>,
    revision: i64,
}

#[derive(Serialize)]
struct Named<'a> {
    id: String,
    name: &'a str,
}

#[derive(Serialize)]
struct GivenModule<'a> {
    id: String,
    code: &'a str,
    name: &'a str,
}

impl<'a> From<&'a TokenDetails> for Line<'a> {
    fn from(token: &'a TokenDetails) -> Self {
        let modules = token.modules.iter().map(|module| GivenModule {
            id: module.id.to_string(),
            code: &module.code,
            name: &module.name,
        });
        Self {
            id: token.id.to_string(),
            name: &token.name,
            description: &token.description,
            status: token.status.as_str(),
            account: Named {
                id: token.account.id.to_string(),
                name: &token.account.name,
            },
            modules: modules.collect(),
            created_by: Named {
                id: token.created.by.id.clone(),
                name: &token.created.by.name,
            },
            created_at: token.created.at.to_string(),
            updated_at: token.updated.as_ref().map(|stamp| stamp.at.to_string()),
            last_access_at: token.last_access_at.map(|at| at.to_string()),
            revision: token.revision,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::ReaderBuilder;
    use proptest::{array::uniform13, prelude::*};

    const TRIGGERS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\0'];

    fn read(text: &[u8]) -> Vec<Vec<String>> {
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text);
        let rows = reader.records().map(|row| row.unwrap());
        rows.map(|row| row.iter().map(str::to_owned).collect())
            .collect()
    }

    fn write(row: &[String; 13]) -> Vec<u8> {
        let cells = row.each_ref().map(|cell| Cow::Borrowed(cell.as_str()));
        written([cells]).unwrap()
    }

    #[test]
    fn a_table_is_quoted_as_its_standard_says() {
        let mut row = [const { String::new() }; 13];
        row[0] = "plain".into();
        row[1] = "a \"b\", c".into();
        row[2] = "two\nlines".into();
        row[3] = "=1+1".into();
        let text = String::from_utf8(write(&row)).unwrap();
        assert_eq!(
            text,
            "plain,\"a \"\"b\"\", c\",\"two\nlines\",'=1+1,,,,,,,,,\r\n"
        );
    }

    proptest! {
        #[test]
        fn no_cell_begins_with_what_a_spreadsheet_takes_for_a_formula(
            row in uniform13("[=+@\\-\t\r\0'\",a\n;]{0,4}"),
        ) {
            let rows = read(&write(&row));
            prop_assert_eq!(rows.len(), 1);
            for cell in &rows[0] {
                prop_assert!(!cell.starts_with(TRIGGERS), "{:?}", cell);
            }
        }

        #[test]
        fn every_other_text_comes_back_as_it_was(row in uniform13("(\\PC|[\n\r,\"]){0,12}")) {
            let expected = row.each_ref().map(|cell| {
                if cell.starts_with(TRIGGERS) { format!("'{cell}") } else { cell.clone() }
            });
            let rows = read(&write(&row));
            prop_assert_eq!(rows, vec![expected.to_vec()]);
        }
    }
}
