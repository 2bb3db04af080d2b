//! The description of the interface (OpenAPI 3.1), made from the handlers, with what holds for every one of them.

use super::problem;
use app::domain::module::{ACCESS_MANAGEMENT, AUDIT_TRAIL, TOKEN_VERIFICATION};
use utoipa::{
    OpenApi as _, PartialSchema as _, ToSchema as _,
    openapi::{
        Content, ObjectBuilder, OpenApi, Ref, RefOr, ResponseBuilder, Server, Tag,
        path::Operation,
        schema::{ArrayBuilder, Schema, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

/// Where the description is.
pub const PATH: &str = "/public/v1/openapi.json";

/// Objects that come alone, with what was left out of them.
const SINGLE: [&str; 4] = ["ApiToken", "Module", "AuditRecord", "AuditEventType"];

/// The module that the operations under a tag need.
const MODULES: [(&str, &str); 5] = [
    ("API tokens", ACCESS_MANAGEMENT),
    ("Accounts", ACCESS_MANAGEMENT),
    ("Modules", ACCESS_MANAGEMENT),
    ("Audit trail", AUDIT_TRAIL),
    ("Verification", TOKEN_VERIFICATION),
];

/// What every operation can answer beside its own.
pub const COMMON: [(&str, &str); 7] = [
    ("400", "The request is wrong; `errors` says where."),
    ("401", "No token, or none that is Active."),
    (
        "403",
        "The token does not have a module that this needs, or may not do this.",
    ),
    ("404", "There is no such thing for this token."),
    ("414", "The address is longer than 16 KiB."),
    (
        "429",
        "Too many requests; `Retry-After` says when to come back.",
    ),
    ("503", "Latchkey cannot answer now. Nothing was changed."),
];

/// What operations that take a body can answer beside that.
const OF_BODIES: [(&str, &str); 2] = [
    (
        "413",
        "The body is too large: JSON may have 64 KiB, a picture 5 MiB.",
    ),
    ("415", "The body is of another kind than this takes."),
];

/// What operations with `If-Match` can answer beside that.
const OF_REVISIONS: [(&str, &str); 1] = [(
    "412",
    "There is another revision than the one in `If-Match`.",
)];

/// What lists can answer beside that.
const OF_LISTS: [(&str, &str); 2] = [
    (
        "406",
        "A stream is asked for, and neither of its kinds is accepted.",
    ),
    (
        "413",
        "The list has more rows than a stream may have; `errors` is empty.",
    ),
];

const INTRODUCTION: &str = "\
Programs manage API tokens, and read and extend the audit trail, of the account that their own token belongs to.

Present the secret of an Active token in the header: `Authorization: Bearer lk_…`. With the module \
`platform-account-management` a token of an Operations account acts in all accounts.

Answers to a single token carry its revision in `ETag`, every answer what is left of the limit of requests in `RateLimit` \
and `RateLimit-Policy`, and its own number in `X-Request-Id`. Errors are problem details (RFC 9457). No answer can be read \
by scripts of other sites: there are no CORS headers.";

const VERIFICATION: &str = "\
Whether a token is good. A gateway asks `/auth/verify?module=CODE` with its client's own \
`Authorization`, by any method, and is answered 200, 401, 403, 429 or 503: `module` may be repeated, the token must have \
each of them; of those named by `any` it must have one. With 200 come `X-Token-Id`, `X-Token-Name` (percent-encoded UTF-8), \
`X-Token-Account` and `X-Token-Modules`. A service asks as follows.";

#[derive(utoipa::OpenApi)]
#[openapi()]
struct Empty;

/// The whole description, of the installation at this address.
#[must_use]
pub fn document(public_url: &str) -> OpenApi {
    let mut document = Empty::openapi();
    document.servers = Some(vec![Server::new(public_url)]);
    "Latchkey".clone_into(&mut document.info.title);
    "1".clone_into(&mut document.info.version);
    document.info.description = Some(INTRODUCTION.to_owned());
    document.info.license = None;
    document.info.contact = None;
    document.merge(super::description());
    document.tags = Some(
        [
            ("API tokens", "The tokens with which programs act."),
            ("Accounts", "The tenants that tokens belong to."),
            ("Modules", "What tokens can be allowed to use."),
            ("Audit trail", "What was done, by whom, to what."),
            ("Verification", VERIFICATION),
        ]
        .map(|(name, description)| {
            let mut tag = Tag::new(name);
            tag.description = Some(description.to_owned());
            tag
        })
        .to_vec(),
    );
    document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(
        "token",
        [],
    )]);
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("The secret of an Active API token."))
                .build(),
        ),
    );
    components
        .schemas
        .insert(problem::Body::name().into_owned(), problem::Body::schema());
    for name in SINGLE {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(name) {
            object.properties.insert("$meta".to_owned(), omitted());
        }
    }
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
        ];
        operations.into_iter().flatten().for_each(complete);
    }
    document
}

/// The same as text, indented.
#[must_use]
pub fn text(public_url: &str) -> String {
    document(public_url).to_pretty_json().unwrap_or_default()
}

/// The member that says what was left out of an object.
fn omitted() -> RefOr<Schema> {
    let names = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
    ObjectBuilder::new()
        .description(Some(
            "Of an object that comes alone: `omitted`, the members that were left out.",
        ))
        .property("omitted", names)
        .into()
}

fn complete(operation: &mut Operation) {
    let tags = operation.tags.iter().flatten();
    let module = MODULES
        .iter()
        .find(|(tag, _)| tags.clone().any(|other| other == tag));
    if let Some((_, code)) = module {
        let said = operation.description.take().unwrap_or_default();
        let said = format!("{said}\n\nNeeds the module `{code}`.");
        operation.description = Some(said.trim().to_owned());
    }
    let takes = |operation: &Operation, name: &str| {
        let parameters = operation.parameters.iter().flatten();
        parameters
            .into_iter()
            .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == name))
    };
    add(operation, &COMMON);
    if let Some(RefOr::T(body)) = &operation.request_body {
        // A picture is told by its bytes.
        let picture = body.content.keys().any(|kind| kind.starts_with("image/"));
        add(
            operation,
            if picture { &OF_BODIES[..1] } else { &OF_BODIES },
        );
    }
    if takes(operation, "If-Match") {
        add(operation, &OF_REVISIONS);
    }
    if takes(operation, "MPT-Streaming") {
        add(operation, &OF_LISTS);
    }
}

fn add(operation: &mut Operation, answers: &[(&str, &str)]) {
    for (status, description) in answers {
        operation
            .responses
            .responses
            .entry((*status).to_owned())
            .or_insert_with(|| {
                let schema = Ref::from_schema_name(problem::Body::name());
                RefOr::T(
                    ResponseBuilder::new()
                        .description(*description)
                        .content("application/problem+json", Content::new(Some(schema)))
                        .build(),
                )
            });
    }
}
