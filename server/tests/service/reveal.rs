//! Showing and copying a secret: who may, what is recorded, what is left behind (T-21, T-24 to T-30).

use crate::world::{World, new_token, token_id};
use app::{
    domain::{
        lifecycle::TokenAction,
        secret::{RevealPolicy, SecretAccess, SecretText, SecretUse},
    },
    error::{ApiError, ErrorCode},
    port::{Actor, Console as _},
};
use server::service::system;

/// A token of Stark's, and what programs present for it.
pub const SAFE: &str = "TKN-0000-0002";
pub const SECRET: &str = "lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
/// A part of it that no hint shows.
const PART: &str = "TSOoRi4A9spH";
pub const TONY: &str = "tony@stark.example";
pub const HAPPY: &str = "happy@stark.example";

pub const WITH_SAFE: &str = r#"{"tokens":[{"id":"TKN-0000-0002","account":"ACC-0000-0001","name":"Safe",
 "secret":"lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17","createdBy":"USR-0000-0001"}]}"#;

pub async fn world() -> World {
    let world = World::sample().await;
    world.provision(WITH_SAFE).await.unwrap();
    world
}

impl World {
    pub async fn reveal(
        &self,
        actor: &Actor,
        id: &str,
        purpose: SecretUse,
    ) -> Result<SecretText, ApiError> {
        self.service
            .reveal_secret(actor, token_id(id), purpose)
            .await
    }

    pub async fn show(&self, actor: &Actor) -> Result<String, ErrorCode> {
        let shown = self.reveal(actor, SAFE, SecretUse::Show).await;
        shown
            .map(|secret| secret.expose().to_owned())
            .map_err(|error| error.code)
    }

    pub async fn copied(&self, actor: &Actor, id: &str) -> Result<(), ErrorCode> {
        let noted = self.service.note_secret_copied(actor, token_id(id)).await;
        noted.map_err(|error| error.code)
    }

    pub async fn confirm(&self, actor: &Actor, password: &str) -> Result<(), ApiError> {
        self.service
            .confirm_password(actor, &SecretText::new(password.to_owned()))
            .await
    }

    pub async fn lines(&self) -> i64 {
        self.ask("SELECT count(*) FROM audit_record").await
    }

    pub async fn is_stored(&self) -> bool {
        let rows: i64 = self
            .ask(&format!(
                "SELECT count(*) FROM token_secret WHERE token_id = '{SAFE}'"
            ))
            .await;
        rows == 1
    }

    pub async fn set_policy(&self, policy: RevealPolicy) {
        let policy = policy.as_str();
        self.execute(&format!(
            "UPDATE api_token SET reveal = '{policy}' WHERE id = '{SAFE}'"
        ))
        .await;
    }

    pub async fn last(&self, column: &str) -> String {
        self.ask(&format!(
            "SELECT {column} FROM audit_record ORDER BY seq DESC LIMIT 1"
        ))
        .await
    }
}

pub fn line(event: &str, outcome: &str, who: &str) -> String {
    format!("platform.accounts.token.{event} {outcome} {who} {SAFE} -")
}

#[tokio::test]
async fn administrators_of_the_account_see_the_secret_and_it_is_recorded() {
    let world = world().await;
    for (email, who) in [(TONY, "Tony"), (HAPPY, "Happy")] {
        let (actor, _) = world.signed_in(email).await;
        assert_eq!(world.show(&actor).await.as_deref(), Ok(SECRET));
        assert_eq!(world.last_line().await, line("revealed", "done", who));
        let copied = world.reveal(&actor, SAFE, SecretUse::Copy).await.unwrap();
        assert_eq!(copied.expose(), SECRET);
        assert_eq!(world.last_line().await, line("copied", "done", who));
    }
    let (actor, _) = world.signed_in(TONY).await;
    let token = world.token(&actor, SAFE).await;
    assert_eq!((token.revision, token.secret), (1, SecretAccess::Open));
}

#[tokio::test]
async fn nobody_else_sees_it_and_whoever_tries_is_recorded() {
    let world = world().await;
    for (email, who) in [
        ("pepper@stark.example", "Pepper"),
        ("olga@ops.example", "Olga"),
        ("oscar@ops.example", "Oscar"),
    ] {
        let (actor, _) = world.signed_in(email).await;
        let error = world
            .reveal(&actor, SAFE, SecretUse::Show)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Forbidden, "{who}");
        assert!(
            error.message.contains("Administrators of Stark"),
            "{}",
            error.message
        );
        assert_eq!(world.last_line().await, line("revealed", "refused", who));
        assert!(world.reveal(&actor, SAFE, SecretUse::Copy).await.is_err());
        assert_eq!(world.last_line().await, line("copied", "refused", who));
        assert_eq!(world.token(&actor, SAFE).await.secret, SecretAccess::Others);
    }
    assert_eq!(world.show(&system()).await, Err(ErrorCode::Forbidden));
}

#[tokio::test]
async fn a_token_of_another_account_does_not_exist_and_leaves_no_line() {
    let world = world().await;
    let (bruce, _) = world.signed_in("bruce@wayne.example").await;
    let before = world.lines().await;
    assert_eq!(world.show(&bruce).await, Err(ErrorCode::NotFound));
    assert_eq!(world.copied(&bruce, SAFE).await, Err(ErrorCode::NotFound));
    let (tony, _) = world.signed_in(TONY).await;
    let none = world.reveal(&tony, "TKN-9999-9999", SecretUse::Show).await;
    assert_eq!(none.unwrap_err().code, ErrorCode::NotFound);
    // Tony's password and sign-in are all that came.
    assert_eq!(world.lines().await, before + 2);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_shown() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    world.set_policy(RevealPolicy::Once).await;
    world
        .execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_record BEGIN SELECT RAISE(ABORT, 'no'); END",
        )
        .await;
    let error = world.show(&tony).await.unwrap_err();
    assert!([ErrorCode::Internal, ErrorCode::Unavailable].contains(&error));
    assert!(world.is_stored().await, "nothing half done");
    world.execute("DROP TRIGGER full").await;
    assert_eq!(world.show(&tony).await.as_deref(), Ok(SECRET));
}

#[tokio::test]
async fn the_trail_never_holds_the_secret() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    world.show(&tony).await.unwrap();
    world.copied(&tony, SAFE).await.unwrap();
    let found: i64 = world
        .ask(&format!(
            "SELECT count(*) FROM audit_record WHERE summary || changes || object_name || coalesce(reason, '') LIKE '%{PART}%'"
        ))
        .await;
    assert_eq!(found, 0);
    let changes = world.last("changes").await;
    assert_eq!(changes, "[]");
    assert_eq!(
        world.service.verify_chain().await.unwrap(),
        world.lines().await
    );
    let bytes = std::fs::read(world.file()).unwrap();
    let part = PART.as_bytes();
    assert!(!bytes.windows(part.len()).any(|window| window == part));
}

#[tokio::test]
async fn once_means_once_and_then_the_stored_value_is_destroyed() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    let (happy, _) = world.signed_in(HAPPY).await;
    world.set_policy(RevealPolicy::Once).await;
    let pepper = world.user("Pepper").await;
    assert_eq!(world.show(&pepper).await, Err(ErrorCode::Forbidden));
    assert!(world.is_stored().await, "a refusal uses nothing up");
    assert_eq!(world.show(&happy).await.as_deref(), Ok(SECRET));
    assert!(!world.is_stored().await);
    assert!(
        world
            .last("summary")
            .await
            .ends_with("it is no longer stored")
    );
    for actor in [&happy, &tony] {
        let error = world
            .reveal(actor, SAFE, SecretUse::Show)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Conflict);
        assert!(error.message.contains("no longer stored"));
        let token = world.token(actor, SAFE).await;
        assert_eq!((token.secret, token.revision), (SecretAccess::Gone, 1));
    }
}

#[tokio::test]
async fn of_many_who_ask_at_once_for_what_is_shown_once_one_gets_it() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    world.set_policy(RevealPolicy::Once).await;
    let ask = || {
        let (service, tony) = (world.service.clone(), tony.clone());
        tokio::spawn(async move {
            let shown = service
                .reveal_secret(&tony, token_id(SAFE), SecretUse::Show)
                .await;
            shown.map(|_| ()).map_err(|error| error.code)
        })
    };
    let asked: Vec<_> = (0..10).map(|_| ask()).collect();
    let mut shown = 0;
    for answer in asked {
        match answer.await.unwrap() {
            Ok(()) => shown += 1,
            Err(code) => assert_eq!(code, ErrorCode::Conflict),
        }
    }
    assert_eq!(shown, 1);
}

#[tokio::test]
async fn the_installation_can_only_make_a_policy_tighter() {
    let world = world().await.restarted(RevealPolicy::Once).await;
    let (tony, _) = world.signed_in(TONY).await;
    assert_eq!(world.show(&tony).await.as_deref(), Ok(SECRET));
    assert!(
        !world.is_stored().await,
        "always, in an installation of once"
    );
    assert_eq!(world.show(&tony).await, Err(ErrorCode::Conflict));

    let world = self::world().await.restarted(RevealPolicy::Never).await;
    let (tony, _) = world.signed_in(TONY).await;
    assert!(world.is_stored().await);
    assert_eq!(world.show(&tony).await, Err(ErrorCode::Conflict));
}

#[tokio::test]
async fn a_disabled_token_still_has_its_secret_and_a_deleted_one_has_none() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    world.step(&tony, SAFE, TokenAction::Disable).await.unwrap();
    assert_eq!(world.show(&tony).await.as_deref(), Ok(SECRET));
    world.step(&tony, SAFE, TokenAction::Delete).await.unwrap();
    assert!(!world.is_stored().await);
    assert_eq!(world.show(&tony).await, Err(ErrorCode::NotFound));
    let (olga, _) = world.signed_in("olga@ops.example").await;
    assert_eq!(world.show(&olga).await, Err(ErrorCode::Conflict));
}

#[tokio::test]
async fn a_stored_value_that_was_moved_or_changed_is_not_shown_and_that_is_recorded() {
    let of = |id: &str, column: &str| {
        format!("(SELECT {column} FROM token_secret WHERE token_id = '{id}')")
    };
    let robot = "TKN-0000-0001";
    let first = |column: &str, byte: &str| {
        format!("{column} = cast(x'{byte}' || substr({column}, 2) AS blob)")
    };
    for change in [
        format!("ct = {}, nonce = {}", of(robot, "ct"), of(robot, "nonce")),
        format!(
            "dek_ct = {}, dek_nonce = {}",
            of(robot, "dek_ct"),
            of(robot, "dek_nonce")
        ),
        format!(
            "ct = {}, nonce = {}, dek_ct = {}, dek_nonce = {}",
            of(robot, "ct"),
            of(robot, "nonce"),
            of(robot, "dek_ct"),
            of(robot, "dek_nonce")
        ),
        // Whatever the first byte was, one of the two is another.
        first("ct", "00") + ", " + &first("nonce", "00"),
        first("ct", "ff") + ", " + &first("nonce", "ff"),
        first("dek_ct", "00") + ", " + &first("dek_nonce", "ff"),
        "ct = substr(ct, 1, 20)".to_owned(),
        "nonce = x''".to_owned(),
        "alg = 'none'".to_owned(),
        "kek_kid = 'k-none'".to_owned(),
    ] {
        let world = world().await;
        let (tony, _) = world.signed_in(TONY).await;
        world.set_policy(RevealPolicy::Once).await;
        world
            .execute(&format!(
                "UPDATE token_secret SET {change} WHERE token_id = '{SAFE}'"
            ))
            .await;
        let error = world
            .reveal(&tony, SAFE, SecretUse::Show)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal, "{change}");
        assert!(!format!("{error:?}").contains(PART));
        assert_eq!(
            world.last_line().await,
            line("integrity-failed", "refused", "Tony"),
            "{change}"
        );
        assert!(
            world.is_stored().await,
            "what is damaged is kept as evidence"
        );
    }
}

#[tokio::test]
async fn two_secrets_that_changed_places_open_in_neither() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    let moved = |from: &str, to: &str| {
        format!("UPDATE token_secret SET token_id = '{to}' WHERE token_id = '{from}';")
    };
    let robot = "TKN-0000-0001";
    // Through a place that no token has, in one go on one connection.
    world
        .execute(&format!(
            "PRAGMA foreign_keys = OFF; {}{}{}",
            moved(SAFE, "aside"),
            moved(robot, SAFE),
            moved("aside", robot)
        ))
        .await;
    for id in [SAFE, robot] {
        let refused = world.reveal(&tony, id, SecretUse::Show).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::Internal, "{id}");
    }
}

#[tokio::test]
async fn a_copy_from_the_screen_is_recorded_for_whoever_can_have_it_there() {
    let world = world().await;
    let (tony, _) = world.signed_in(TONY).await;
    let (olga, _) = world.signed_in("olga@ops.example").await;
    world.copied(&tony, SAFE).await.unwrap();
    assert_eq!(world.last_line().await, line("copied", "done", "Tony"));
    for who in ["Pepper", "Olga", "Oscar"] {
        let actor = world.user(who).await;
        assert_eq!(world.copied(&actor, SAFE).await, Err(ErrorCode::Forbidden));
        assert_eq!(world.last_line().await, line("copied", "refused", who));
    }
    // After it was shown once, it is on the screen and stored no more.
    world.set_policy(RevealPolicy::Once).await;
    world.show(&tony).await.unwrap();
    world.copied(&tony, SAFE).await.unwrap();
    // Whoever adds a token for another account has it in the summary, and later never again.
    let added = world
        .service
        .create_token(&olga, &new_token("0123456789abcdef"))
        .await
        .unwrap();
    let id = added.token.id.to_string();
    assert!(added.secret.is_some());
    world.copied(&olga, &id).await.unwrap();
    let again = world.reveal(&olga, &id, SecretUse::Show).await;
    assert_eq!(again.unwrap_err().code, ErrorCode::Forbidden);
}
