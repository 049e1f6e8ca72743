//! Tokens: given, kept, expired, revoked, refused.

use fake::{CLIENT_ID, CLIENT_SECRET, Clock, Config, Fake, Limits};
use serde_json::json;

use crate::http::{Caller, START, at, call, seconds, start, token};

#[test]
fn a_token_lives_an_hour_and_is_given_again_meanwhile() {
    let fake = start();
    let first = token(&fake, CLIENT_ID, CLIENT_SECRET).json();
    assert_eq!((&first["token_type"], &first["expires_in"]), (&json!("bearer"), &json!(3_600)));
    fake.clock().advance(seconds(3_599));
    let same = token(&fake, CLIENT_ID, CLIENT_SECRET).json();
    assert_eq!((&same["access_token"], &same["expires_in"]), (&first["access_token"], &json!(1)));
    let caller = Caller { fake: &fake, token: first["access_token"].as_str().unwrap().to_owned() };
    assert_eq!(caller.get("/rest/v1/leads/describe.json").json()["success"], true);
    fake.clock().advance(seconds(1));
    let expired = ("602".to_owned(), "Access token expired".to_owned());
    assert_eq!(caller.get("/rest/v1/leads/describe.json").error(), expired);
    let second = token(&fake, CLIENT_ID, CLIENT_SECRET).json();
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(second["expires_in"], 3_600);
    assert_eq!(fake.identity().issued().len(), 2);
}

#[test]
fn a_form_does_as_well() {
    let fake = start();
    let body = format!(
        "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}&partner_id=demo+partner%2F1"
    );
    let headers = "content-type: application/x-www-form-urlencoded\r\n";
    let got = call(&fake, "POST", "/identity/oauth/token", headers, body.as_bytes());
    assert_eq!((got.status, got.json()["expires_in"].as_i64()), (200, Some(3_600)));
    assert_eq!(fake.identity().partner_ids(), ["demo partner/1"]);
}

#[test]
fn wrong_credentials_are_401() {
    let fake = start();
    let wrong = [
        "grant_type=client_credentials&client_id=nobody&client_secret=x".to_owned(),
        format!("grant_type=client_credentials&client_id={CLIENT_ID}&client_secret=x"),
        format!("grant_type=client_credentials&client_id={CLIENT_ID}"),
        format!("client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"),
    ];
    for query in wrong {
        let got = call(&fake, "GET", &format!("/identity/oauth/token?{query}"), "", b"");
        assert_eq!(got.status, 401, "{query}");
        assert!(got.json()["error"].is_string());
    }
    assert_eq!((fake.identity().issued().len(), fake.calls().executed()), (0, 0));
}

#[test]
fn only_the_header_carries_a_token() {
    let fake = start();
    let caller = Caller::new(&fake);
    let path = "/rest/v1/leads/describe.json";
    let invalid = ("601".to_owned(), "Access token invalid".to_owned());
    assert_eq!(call(&fake, "GET", path, "", b"").error(), invalid);
    assert_eq!(call(&fake, "GET", &format!("{path}?access_token={}", caller.token), "", b"").error(), invalid);
    assert_eq!(caller.get(&format!("{path}?access_token={}", caller.token)).error(), invalid);
    assert_eq!(call(&fake, "GET", path, &format!("authorization: Basic {}\r\n", caller.token), b"").error(), invalid);
    assert_eq!(call(&fake, "GET", path, "authorization: Bearer x\r\n", b"").error(), invalid);
}

#[test]
fn tokens_end_when_the_test_says() {
    let fake = start();
    let path = "/rest/v1/leads/describe.json";
    let first = Caller::new(&fake);
    fake.identity().expire();
    assert_eq!(first.get(path).error().0, "602");
    let second = Caller::new(&fake);
    assert_eq!(second.get(path).json()["success"], true);
    fake.identity().revoke();
    assert_eq!(second.get(path).error().0, "601");
    assert_eq!(first.get(path).error().0, "601");
    fake.identity().lifetime(seconds(5));
    let third = token(&fake, CLIENT_ID, CLIENT_SECRET).json();
    assert_eq!(third["expires_in"], 5);
}

#[test]
fn identity_counts_for_no_limit() {
    let limits = Limits::none().daily(1);
    let fake = Fake::start_blocking(Config::new().clock(Clock::at(at(START))).limits(limits)).unwrap();
    for _ in 0..5 {
        Caller::new(&fake);
    }
    let caller = Caller::new(&fake);
    assert_eq!(caller.get("/rest/v1/leads/describe.json").json()["success"], true);
    assert_eq!(caller.get("/rest/v1/leads/describe.json").error().0, "607");
}
