//! Tokens.

use super::*;

#[tokio::test]
async fn parameters_travel_in_a_form_and_the_token_in_a_header() {
    let listed = Listed::new([Reply::job("Queued"), Reply::job("Queued")]);
    let clock = Jumping::default();
    let client = builder(&listed, &clock).credentials("the id&", "the=secret").partner_id("key+1").build().unwrap();
    client.status(&Object::Leads, &id()).await.unwrap();
    client.status(&Object::Leads, &id()).await.unwrap();
    let seen = listed.seen();
    let status = "GET /bulk/v1/leads/export/e-1/status.json";
    assert_eq!(listed.lines(), ["identity", status, status]);
    assert_eq!(
        seen[0].body,
        "grant_type=client_credentials&client_id=the%20id%26&client_secret=the%3Dsecret&partner_id=key%2B1"
    );
    assert_eq!(seen[0].token, "");
    assert_eq!((&*seen[1].token, &*seen[2].token), ("Bearer token-1", "Bearer token-1"));
}

#[tokio::test]
async fn callers_at_once_share_one_asking() {
    let listed = Listed::new((0..8).map(|_| Reply::job("Queued")));
    let (client, _) = client(&listed);
    let calls = (0..8).map(|_| {
        let client = client.clone();
        async move { client.status(&Object::Leads, &id()).await }
    });
    assert!(futures_util::future::join_all(calls).await.into_iter().all(|job| job.is_ok()));
    assert_eq!(listed.lines().iter().filter(|line| *line == "identity").count(), 1);
}

#[tokio::test]
async fn callers_at_once_share_a_refusal() {
    let unauthorized = || Reply::new(401, "application/json", r#"{"error":"unauthorized"}"#);
    let listed = Listed::new([]).tokens([unauthorized(), unauthorized()]);
    let (client, _) = client(&listed);
    let calls = (0..8).map(|_| {
        let client = client.clone();
        async move { client.status(&Object::Leads, &id()).await }
    });
    for outcome in futures_util::future::join_all(calls).await {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.endpoint()), (ErrorKind::Credentials, Some(Endpoint::Identity)));
        assert_eq!(error.to_string(), "identity: HTTP 401: client id or client secret is wrong (unauthorized)");
    }
    assert_eq!(listed.lines(), ["identity"]);
    // Who comes later asks anew.
    client.status(&Object::Leads, &id()).await.unwrap_err();
    assert_eq!(listed.lines(), ["identity", "identity"]);
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_made_once_more() {
    for code in [601, 602] {
        let listed = Listed::new([Reply::error(code, "Access token expired"), Reply::job("Queued")]);
        let (client, clock) = client(&listed);
        client.status(&Object::Leads, &id()).await.unwrap();
        let tokens: Vec<_> = listed.seen().into_iter().map(|seen| seen.token).collect();
        assert_eq!(tokens, ["", "Bearer token-1", "", "Bearer token-2"]);
        assert_eq!(clock.waits(), [0; 0]);
    }
}

#[tokio::test]
async fn a_second_refusal_is_an_error() {
    let listed = Listed::new([Reply::error(601, "Access token invalid token-1"), Reply::error(601, "bad token-2")]);
    let (client, _) = client(&listed);
    let error = client.status(&Object::Leads, &id()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Token, Some("601")));
    // What the service says of the token, it does not say on.
    assert_eq!(error.to_string(), "status: 601: bad …");
    assert_eq!(listed.lines().len(), 4);
}

#[tokio::test]
async fn the_same_token_again_is_waited_out_where_it_ends_soon() {
    let tokens = [Reply::token("old", 3600), Reply::token("old", 30), Reply::token("new", 3600)];
    let listed = Listed::new([Reply::error(602, "expired"), Reply::job("Queued")]).tokens(tokens);
    let (client, clock) = client(&listed);
    client.status(&Object::Leads, &id()).await.unwrap();
    assert_eq!(clock.waits(), [31]);
    assert_eq!(listed.seen().last().unwrap().token, "Bearer new");
}

#[tokio::test]
async fn the_same_token_again_is_tried_once_where_it_lives_on() {
    let same = || (0..2).map(|_| Reply::token("old", 3000));
    let listed = Listed::new([Reply::error(601, "invalid"), Reply::job("Queued")]).tokens(same());
    client(&listed).0.status(&Object::Leads, &id()).await.unwrap();
    assert_eq!(listed.lines().len(), 4);

    let listed = Listed::new((0..2).map(|_| Reply::error(601, "invalid"))).tokens(same());
    let (client, clock) = client(&listed);
    let error = client.status(&Object::Leads, &id()).await.unwrap_err();
    assert_eq!(error.to_string(), "status: 601: invalid");
    assert_eq!((error.kind(), clock.waits()), (ErrorKind::Token, vec![]));
    assert_eq!(listed.lines().len(), 4);
}

#[tokio::test]
async fn a_token_is_used_until_it_dies() {
    let tokens = [Reply::token("first", 100), Reply::json(r#"{"access_token":"second","expires_in":"3600"}"#)];
    let listed = Listed::new((0..3).map(|_| Reply::job("Queued"))).tokens(tokens);
    let (client, clock) = client(&listed);
    client.status(&Object::Leads, &id()).await.unwrap();
    clock.sleep(Duration::from_secs(99)).await;
    client.status(&Object::Leads, &id()).await.unwrap();
    clock.sleep(Duration::from_secs(1)).await;
    client.status(&Object::Leads, &id()).await.unwrap();
    let tokens: Vec<_> = listed.seen().into_iter().map(|seen| seen.token).collect();
    assert_eq!(tokens, ["", "Bearer first", "Bearer first", "", "Bearer second"]);
}

#[tokio::test]
async fn clients_that_share_a_cache_share_tokens() {
    let listed = Listed::new((0..3).map(|_| Reply::job("Queued")));
    let (clock, cache) = (Jumping::default(), TokenCache::new());
    let new = |id: &str| builder(&listed, &clock).credentials(id, SECRET).tokens(&cache).build().unwrap();
    for id in ["one", "one", "two"] {
        new(id).status(&Object::Leads, &super::id()).await.unwrap();
    }
    assert_eq!(listed.lines().iter().filter(|line| *line == "identity").count(), 2);
}

#[tokio::test]
async fn troubles_of_identity() {
    let fail = Reply::Fail;
    for (replies, outcome, asked) in [
        (vec![Reply::new(503, "text/html", "busy"), fail(TransportErrorKind::Lost)], Ok(()), 3),
        (vec![Reply::error(608, "API temporarily unavailable")], Ok(()), 2),
        (vec![Reply::json("<html>")], Ok(()), 2),
        (
            vec![Reply::new(401, "text/plain", SECRET)],
            Err((ErrorKind::Credentials, "identity: HTTP 401: client id or client secret is wrong")),
            1,
        ),
        (
            vec![Reply::new(
                400,
                "application/json",
                format!(r#"{{"error":"invalid_client","error_description":"{SECRET}"}}"#),
            )],
            Err((ErrorKind::Credentials, "identity: HTTP 400: client id or client secret is wrong (invalid_client)")),
            1,
        ),
        (
            vec![Reply::new(302, "text/html", "").header("location", "https://example.com/?client_secret=x")],
            Err((ErrorKind::Redirect, "identity: HTTP 302: a redirect, which is not followed")),
            1,
        ),
        (
            vec![Reply::error(603, &format!("Access denied for {SECRET}"))],
            Err((ErrorKind::AccessDenied, "identity: 603: the service says so")),
            1,
        ),
        (
            (0..5).map(|_| Reply::json("{}")).collect(),
            Err((ErrorKind::Answer, "identity: the answer holds no token")),
            5,
        ),
        (
            vec![Reply::token("a\\nb", 3600)],
            Err((ErrorKind::Answer, "identity: the token cannot stand in a header")),
            1,
        ),
        (vec![fail(TransportErrorKind::Refused)], Err((ErrorKind::Transport, "identity: the request was not sent")), 1),
    ] {
        let listed = Listed::new([Reply::job("Queued")]).tokens(replies);
        let (client, _) = client(&listed);
        let found = client.status(&Object::Leads, &id()).await;
        match outcome {
            Ok(()) => assert!(found.is_ok(), "{found:?}"),
            Err((kind, text)) => {
                let error = found.unwrap_err();
                assert_eq!((error.kind(), &*error.to_string()), (kind, text));
                assert!(!format!("{error:?}").contains(SECRET));
            }
        }
        assert_eq!(listed.lines().iter().filter(|line| *line == "identity").count(), asked);
    }
}
