//! Paths, methods, sizes and types that the service refuses.

use fake::bulk::Object;

use crate::http::{Caller, call, leads, start};

#[test]
fn an_empty_segment_is_refused() {
    let fake = start();
    let caller = Caller::new(&fake);
    for path in ["/bulk/v1//leads/export.json", "/bulk/v1/leads/export//status.json", "/rest/v1//leads/describe.json"] {
        let got = caller.get(path);
        assert_eq!((got.status, got.text().as_str()), (400, "Empty segment in the path"), "{path}");
    }
    assert_eq!(caller.get("//bulk/v1/leads/export.json").status, 404);
    assert_eq!(fake.calls().only(|call| call.path.contains("//")).executed(), 0);
}

#[test]
fn what_is_not_there_is_610() {
    let fake = start();
    let caller = Caller::new(&fake);
    let paths = [
        "/bulk/v1/customobjects/export.json",
        "/rest/bulk/v1/leads/export.json",
        "/bulk/v1/leads",
        "/rest/v1/leads.json",
    ];
    for path in paths {
        assert_eq!(caller.get(path).error().0, "610", "{path}");
    }
}

#[test]
fn each_endpoint_has_its_method() {
    let fake = start();
    let caller = Caller::new(&fake);
    let id = caller.created(&Object::Leads, &leads());
    for path in ["create.json", &format!("{id}/enqueue.json"), &format!("{id}/cancel.json")] {
        assert_eq!(caller.get(&format!("/bulk/v1/leads/export/{path}")).error().0, "605", "{path}");
    }
    for path in ["export.json", &format!("export/{id}/status.json"), &format!("export/{id}/file.json")] {
        assert_eq!(caller.post(&format!("/bulk/v1/leads/{path}"), b"").error().0, "605", "{path}");
    }
    assert_eq!(fake.bulk().job(&id).unwrap().enqueue_calls, 0);
}

#[test]
fn a_segment_is_decoded() {
    let fake = start();
    fake.bulk().catalogue(|catalogue| {
        let car = catalogue.objects["car_c"].clone();
        catalogue.objects.insert("a/b c".to_owned(), car);
    });
    let caller = Caller::new(&fake);
    let got = caller.get("/rest/v1/customobjects/a%2Fb%20c/describe.json");
    assert_eq!(got.result()[0]["name"], "a/b c");
    assert_eq!(fake.calls().of("describe")[0].name, "customobjects/a/b c/describe");
}

#[test]
fn create_takes_json_of_a_size() {
    let fake = start();
    let caller = Caller::new(&fake);
    let path = "/bulk/v1/leads/export/create.json";
    let headers = format!("authorization: Bearer {}\r\ncontent-type: text/plain\r\n", caller.token);
    let body = leads().to_string();
    assert_eq!(call(&fake, "POST", path, &headers, body.as_bytes()).error().0, "612");
    assert_eq!(caller.post(path, b"{\"fields\":").error().0, "609");
    assert_eq!(caller.post(path, &vec![b' '; (10 << 20) + 1]).status, 413);
    assert_eq!(caller.get(&format!("/bulk/v1/leads/export.json?status={}", "x".repeat(8 << 10))).status, 414);
    assert_eq!(fake.bulk().jobs().len(), 0);
}

#[test]
fn nothing_that_is_sent_ends_the_fake() {
    let fake = start();
    let caller = Caller::new(&fake);
    let id = caller.completed(&Object::Leads, &leads());
    let file = format!("/bulk/v1/leads/export/{id}/file.json");
    for range in [
        "bytes=",
        "bytes=-",
        "bytes=--",
        "bytes=18446744073709551615-18446744073709551615",
        "bytes=99999999999999999999-",
        "=",
    ] {
        let got = caller.get_with(&file, &format!("range: {range}\r\n"));
        assert!(matches!(got.status, 200 | 416), "{range}: {}", got.status);
    }
    for query in [
        "nextPageToken=PAGE%2BFFFFFFFFFFFFFFFF%3D%3D",
        "nextPageToken=PAGE%2B0%3D%3D&&=&status=created",
        "batchSize=-1",
        "%ff=%",
    ] {
        assert_eq!(caller.get(&format!("/bulk/v1/leads/export.json?{query}")).status, 200, "{query}");
    }
    let bodies: [&[u8]; 8] = [
        b"",
        b"null",
        b"\xff",
        b"{\"fields\":[1e999]}",
        b"{\"fields\":[\"id\"],\"filter\":{\"createdAt\":{\"startAt\":\"-999999-01-01T00:00:00Z\",\"endAt\":\"9999-12-31T23:59:59Z\"}}}",
        b"{\"fields\":[\"id\"],\"filter\":{\"createdAt\":{\"startAt\":\"9999-12-31T23:59:59-23:59\",\"endAt\":\"9999-12-31T23:59:59-23:59\"}}}",
        b"{\"fields\":[\"id\"],\"filter\":{\"staticListId\":99999999999999999999}}",
        &[b'['; 100_000],
    ];
    for body in bodies {
        let got = caller.post("/bulk/v1/leads/export/create.json", body);
        assert_eq!(
            (got.status, &got.json()["success"]),
            (200, &false.into()),
            "{}",
            String::from_utf8_lossy(&body[..body.len().min(200)])
        );
    }
    for path in
        ["/bulk/v1/leads/export/%ff/status.json", "/bulk/v1/leads/export/%00/status.json", "/bulk/%", "/rest/v1/"]
    {
        assert_ne!(caller.get(path).status, 0, "{path}");
    }
    assert_eq!(caller.status(&Object::Leads, &id)["status"], "Completed");
}
