//! A small subscription: some of everything, so that every operation has something to answer.

use generated::v3_1::{
    ActivityRecord, ArrayOfAttrib, ArrayOfAttribute, ArrayOfProgressionStatus, Attrib, Attribute, CampaignRecord,
    CustomObj, ForeignSysType, LeadRecord, ListKey, ListKeyType, MObjAssociation, MObjFieldMetadata, MObject,
    MObjectMetadata, ProgressionStatus, ReqCampSourceType, Tag, TagStatus, TypeAttrib,
};
use jiff::SignedDuration;
use runtime::value::nil;

use super::{Store, date_time};

impl Store {
    /// Adds a small subscription. Every field of every type in a response has a value somewhere in it, and what may be nil is nil somewhere.
    ///
    /// | what | which |
    /// |---|---|
    /// | leads | 1 `ann@example.com`, 2 `bob@example.com`, 3 `carl@example.com`, 4 and 5 both `twin@example.com`; 1 has the cookie `id:1&token:a` |
    /// | lists | `Newsletter` with 1 and 2; an empty one of the sales user `7` |
    /// | activities | a visit, a click and a change of score of lead 1; a visit of lead 2 |
    /// | campaigns | 21 `Welcome` for requests, 22 `Call Back` for sales; 31 `Invitation` in the program `Spring` |
    /// | tags | `Region` with `North` and `South`; the channel `Webinar` |
    /// | objects | the opportunities 41 and 42 and the type `car_c`, a custom one; custom objects of the type `Roadshow` with the key `id` |
    pub fn add_samples(&mut self) {
        self.add_sample_leads();
        self.add_sample_activities();
        self.add_sample_objects();

        let newsletter = self.add_list("Newsletter");
        if let Some(list) = self.list_mut(newsletter) {
            list.members.extend([1, 2]);
        }
        self.add_keyed_list(ListKey::new(ListKeyType::MktoSalesUserId, "7"));

        let mktows = || ReqCampSourceType::Mktows;
        self.add_campaign(mktows(), CampaignRecord::new(21, "Welcome", "Greets new leads"));
        self.add_campaign(ReqCampSourceType::Sales, CampaignRecord::new(22, "Call Back", ""));
        self.add_program("Spring");
        self.add_program_campaign("Spring", mktows(), CampaignRecord::new(31, "Invitation", "To the spring fair"));

        self.add_tag(Tag::new().r#type("Region").values(["North", "South"]));
        self.add_tag(Tag::new().r#type("Channel").values(["Webinar"]));
        let status = |name: &str, step: &str, success: &str| {
            let parts = [("name", name), ("step", step), ("success", success)];
            ProgressionStatus::new().progression_status(parts.map(|(name, value)| Attrib::new(name, value)))
        };
        let statuses =
            ArrayOfProgressionStatus::from([status("Invited", "10", "false"), status("Attended", "20", "true")]);
        self.add_channel("Channel", TagStatus::new("Webinar", statuses));
    }

    fn add_sample_leads(&mut self) {
        let lead = |id: i32, email: &str| LeadRecord::new().id(id).email(email);
        let text = |name: &str, value: &str| Attribute::new(name, value).attr_type("string");
        self.add_lead(
            lead(1, "ann@example.com")
                .foreign_sys_person_id("003A")
                .foreign_sys_type(ForeignSysType::Sfdc)
                .lead_attribute_list([
                    text("FirstName", "Ann"),
                    text("LastName", "O'Neil & Søn <1>"),
                    text("LeadOwnerEmail", "owner@example.com"),
                    text("SFDCAccountId", "001A"),
                    text("SFDCContactId", "003C"),
                    text("SFDCLeadId", "00QA"),
                    text("SFDCLeadOwnerId", "005A"),
                    text("SFDCOpptyId", "006A"),
                    Attribute::new("LeadScore", "12").attr_type("integer"),
                ]),
        );
        self.set_cookie(1, "id:1&token:a");
        self.add_lead(
            lead(2, "bob@example.com")
                .foreign_sys_person_id(nil())
                .foreign_sys_type(nil())
                .lead_attribute_list([Attribute::new("FirstName", "Bob").attr_type(nil())]),
        );
        self.add_lead(lead(3, "carl@example.com").lead_attribute_list(nil()));
        self.add_lead(lead(4, "twin@example.com"));
        self.add_lead(lead(5, "twin@example.com"));
    }

    fn add_sample_activities(&mut self) {
        let now = self.now();
        let at = |minutes| date_time(now.saturating_sub(SignedDuration::from_mins(minutes)).unwrap_or(now));
        let record = |guid: &str, minutes: i64, type_: &str, lead: i32| {
            ActivityRecord::new(format!("00000000-0000-4000-8000-00000000{guid}"), at(minutes), type_, lead.to_string())
        };
        self.add_activity(
            record("0a01", 30, "Visit Webpage", 1)
                .id(101)
                .mktg_asset_name("www.example.com/prices")
                .activity_attributes([Attribute::new("Client IP Address", "192.0.2.1").attr_type("string")])
                .campaign("Welcome")
                .person_name("Ann O'Neil")
                .foreign_sys_id("003A")
                .org_name("Example Ltd")
                .foreign_sys_org_id("001A"),
        );
        self.add_activity(
            record("0a02", 20, "Click Link", 1)
                .id(102)
                .activity_attributes(nil())
                .campaign(nil())
                .person_name(nil())
                .foreign_sys_id(nil())
                .org_name(nil())
                .foreign_sys_org_id(nil()),
        );
        self.add_activity(record("0a03", 10, "Change Score", 1).id(103).mktg_asset_name("LeadScore").campaign(""));
        self.add_activity(record("0a04", 5, "Visit Webpage", 2).id(104));
    }

    fn add_sample_objects(&mut self) {
        let now = date_time(self.now());
        self.add_object_type(MObjectMetadata::new(
            "car_c",
            "Cars of leads",
            true,
            false,
            [
                MObjFieldMetadata {
                    name: "vin".to_owned(),
                    description: "The number on the chassis".into(),
                    display_name: "VIN".into(),
                    source_object: nil(),
                    data_type: "string".to_owned(),
                    size: 36.into(),
                    is_readonly: false,
                    is_update_blocked: true,
                    is_name: true.into(),
                    is_primary_key: true,
                    is_custom: true,
                    is_dynamic: false,
                    dynamic_field_ref: "vinRef".into(),
                    updated_at: date_time(self.now()),
                },
                MObjFieldMetadata {
                    name: "built".to_owned(),
                    description: nil(),
                    display_name: nil(),
                    source_object: "car_c".into(),
                    data_type: "date".to_owned(),
                    size: nil(),
                    is_readonly: false,
                    is_update_blocked: false,
                    is_name: nil(),
                    is_primary_key: false,
                    is_custom: true,
                    is_dynamic: true,
                    dynamic_field_ref: nil(),
                    updated_at: date_time(self.now()),
                },
            ],
            now,
        ));
        let amount = |amount: &str| ArrayOfAttrib::from([Attrib::new("Name", "Cars"), Attrib::new("Amount", amount)]);
        self.add_object(
            MObject::new("Opportunity")
                .id(41)
                .external_key(Attrib::new("opportunityId", "A-1"))
                .attrib_list(amount("100"))
                .type_attrib_list([TypeAttrib::new("Company").attr_list([Attrib::new("Name", "Example Ltd")])])
                .association_list([
                    MObjAssociation::new("Lead").id(1),
                    MObjAssociation::new("Company").external_key(Attrib::new("companyId", "C-1")),
                ]),
        );
        self.add_object(MObject::new("Opportunity").id(42).attrib_list(amount("2000")));

        self.add_custom_type("Roadshow", &["id"]);
        for id in ["1", "2", "3"] {
            let keys = ArrayOfAttribute::from([Attribute::new("id", id).attr_type("integer")]);
            let attributes = [Attribute::new("city", format!("City {id}")), Attribute::new("zip", format!("1000{id}"))];
            self.add_custom_object(
                "Roadshow",
                CustomObj::new().custom_obj_key_list(keys).custom_obj_attribute_list(attributes),
            );
        }
    }
}
