"""zeep as a client of the fake, built from our WSDL: every operation, all selectors, nil, and faults.

usage: zeep_client.py <wsdl> <fake-marketo program>
"""

import datetime
import hashlib
import hmac
import sys
import tempfile

import requests
import zeep
from lxml import etree
from zeep import xsd
from zeep.exceptions import Fault
from zeep.settings import Settings
from zeep.transports import Transport

from fake import running
from schema import Schema

NS = "http://www.marketo.com/mktows/"
PORT = "{%s}MktowsApiSoapBinding" % NS


class Validated(zeep.Plugin):
    """Holds every answer against the schema with libxml2: zeep itself is not strict about what it skips."""

    def __init__(self, wsdl):
        self.validator, self.seen = Schema(wsdl).validator, 0

    def ingress(self, envelope, headers, operation):
        (message,) = envelope.find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
        if etree.QName(message).localname != "Fault":
            self.validator.assertValid(message)
            self.seen += 1
        return envelope, headers


class Caller:
    """Signs and sends, and remembers which operations were called."""

    def __init__(self, wsdl, said, authority=None):
        # Strict: an answer that is not as the schema says is an error.
        session = requests.Session()
        session.trust_env = False
        session.verify = authority or True
        transport = Transport(session=session, timeout=30)
        self.validated = Validated(wsdl)
        self.client = zeep.Client(wsdl, settings=Settings(strict=True), transport=transport, plugins=[self.validated])
        self.service = self.client.create_service(PORT, said["soap"])
        self.user, self.key = said["user"], said["key"]
        self.called, self.answered = set(), 0

    def type(self, name):
        return self.client.get_type("{%s}%s" % (NS, name))

    def headers(self, **more):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+00:00")
        signature = hmac.new(self.key.encode(), (now + self.user).encode(), hashlib.sha1).hexdigest()
        block = {"mktowsUserId": self.user, "requestSignature": signature, "requestTimestamp": now}
        return {"authentication": block, **more}

    def call(self, name, headers=None, /, **request):
        self.called.add(name)
        answer = getattr(self.service, name)(**request, _soapheaders=headers or self.headers())
        self.answered += 1
        return answer

    def fault(self, code, name, headers=None, /, **request):
        """A call that must end in this fault."""
        try:
            answer = self.call(name, headers, **request)
        except Fault as fault:
            assert fault.message.startswith("%s - " % code), fault.message
            detail = fault.detail.find("{%s}serviceException" % NS)
            assert detail.findtext("code") == code, detail.findtext("code")
            assert detail.findtext("name") and detail.findtext("message")
            return
        raise AssertionError("expected fault %s, got %r" % (code, answer))


def key(type_, value):
    return {"keyType": type_, "keyValue": value}


def attributes(**values):
    return {"attribute": [{"attrName": name, "attrValue": value} for name, value in values.items()]}


def leads(call):
    lead = call.call("getLead", leadKey=key("EMAIL", "ann@example.com"))
    assert lead.count == 1
    record = lead.leadRecordList.leadRecord[0]
    assert (record.Id, record.Email, record.ForeignSysType) == (1, "ann@example.com", "SFDC")
    values = {each.attrName: each.attrValue for each in record.leadAttributeList.attribute}
    assert values["LastName"] == "O'Neil & Søn <1>", values
    # What is nil, zeep shows as None, as it does what is absent; the name alone tells that it read on.
    record = call.call("getLead", leadKey=key("IDNUM", "2")).leadRecordList.leadRecord[0]
    assert record.ForeignSysPersonId is None and record.leadAttributeList.attribute[0].attrType is None
    call.fault("20103", "getLead", leadKey=key("IDNUM", "77"))
    call.fault("20102", "getLead", leadKey=key("IDNUM", "x"))

    def select(selector, **more):
        return call.call("getMultipleLeads", leadSelector=selector, **more)

    def ids(result):
        return [record.Id for record in result.leadRecordList.leadRecord]

    by_key = call.type("LeadKeySelector")(keyType="EMAIL", keyValues={"stringItem": ["bob@example.com", "ann@example.com"]})
    assert ids(select(by_key)) == [1, 2]
    by_list = call.type("StaticListSelector")(staticListName="Newsletter", staticListId=xsd.Nil)
    assert ids(select(by_list)) == [1, 2]
    since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    by_time = call.type("LastUpdateAtSelector")(oldestUpdatedAt=since, latestUpdatedAt=xsd.Nil)
    first = select(by_time, batchSize=3, includeAttributes={"stringItem": ["FirstName"]})
    assert (ids(first), first.remainingCount) == ([1, 2, 3], 2), first
    assert [each.attrName for each in first.leadRecordList.leadRecord[0].leadAttributeList.attribute] == ["FirstName"]
    second = select(by_time, batchSize=3, streamPosition=first.newStreamPosition)
    assert (ids(second), second.remainingCount) == ([4, 5], 0), second
    call.fault("20123", "getMultipleLeads", leadSelector=by_time, streamPosition=second.newStreamPosition)
    call.fault("20122", "getMultipleLeads", leadSelector=by_time, streamPosition="x")
    early = call.type("LastUpdateAtSelector")(oldestUpdatedAt=since - datetime.timedelta(days=30))
    call.fault("20022", "getMultipleLeads", leadSelector=early)
    call.fault("20109", "getMultipleLeads")

    synced = call.call(
        "syncLead",
        call.headers(mktowsContext={"targetWorkspace": "Default"}),
        leadRecord={"Email": "new@example.com", "leadAttributeList": attributes(FirstName="Née")},
        returnLead=True,
        marketoCookie=xsd.Nil,
    )
    assert synced.syncStatus.status == "CREATED" and synced.leadRecord.Id == synced.leadId, synced
    assert synced.syncStatus.error is None
    call.fault("20101", "syncLead", leadRecord={"Email": xsd.Nil}, returnLead=False)
    many = call.call(
        "syncMultipleLeads",
        leadRecordList={"leadRecord": [{"Id": 3, "Email": xsd.Nil}, {"Id": 77}, {"Email": "twin@example.com"}]},
        dedupEnabled=False,
    )
    assert [each.status for each in many.syncStatus] == ["UPDATED", "FAILED", "CREATED"], many
    assert call.call("getLead", leadKey=key("IDNUM", "3")).leadRecordList.leadRecord[0].Email is None
    merged = call.call(
        "mergeLeads",
        winningLeadKeyList=attributes(IDNUM="4"),
        losingLeadKeyLists={"keyList": [attributes(IDNUM="5"), attributes(IDNUM=str(many.syncStatus[2].leadId))]},
    )
    assert (merged.status, merged.winningLeadId) == ("MERGED", 4), merged
    assert merged.losingLeadIdList.integerItem == [5, many.syncStatus[2].leadId]


def activities(call):
    page = call.call("getLeadActivity", leadKey=key("IDNUM", "1"), batchSize=2)
    records = page.activityRecordList.activityRecord
    assert [each.id for each in records] == [101, 102] and page.remainingCount == 1, page
    assert records[0].activityAttributes.attribute[0].attrValue == "192.0.2.1"
    assert records[1].campaign is None
    # The position goes back as it came.
    page = call.call("getLeadActivity", leadKey=key("IDNUM", "1"), startPosition=page.newStartPosition)
    assert page.activityRecordList.activityRecord[0].id == 103, page
    both = {"includeTypes": {"activityType": ["ClickLink"]}, "excludeTypes": {"activityType": ["Wait"]}}
    call.fault("20107", "getLeadActivity", leadKey=key("IDNUM", "1"), activityFilter=both)

    since = {"oldestCreatedAt": datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc), "offset": xsd.Nil}
    some = call.type("LeadKeySelector")(keyType="IDNUM", keyValues={"stringItem": ["2"]})
    names = {"stringItem": ["Visit Webpage"]}
    page = call.call("getLeadChanges", startPosition=since, activityNameFilter=names, leadSelector=some)
    assert [each.id for each in page.leadChangeRecordList.leadChangeRecord] == [104], page
    page = call.call("getLeadChanges", startPosition=since, batchSize=1)
    after = call.call("getLeadChanges", startPosition=page.newStartPosition, batchSize=1)
    assert after.remainingCount == page.remainingCount - 1
    many = call.type("LeadKeySelector")(keyType="IDNUM", keyValues={"stringItem": ["2"] * 101})
    call.fault("20110", "getLeadChanges", startPosition=since, leadSelector=many)


def lists(call):
    newsletter = {"keyType": "MKTOLISTNAME", "keyValue": "Newsletter"}
    members = {"leadKey": [key("IDNUM", "3"), key("IDNUM", "77")]}
    done = call.call("listOperation", listOperation="ADDTOLIST", listKey=newsletter, listMemberList=members, strict=False)
    assert done.success and [each.status for each in done.statusList.leadStatus] == [True, False], done
    other = {"keyType": "MKTOLISTNAME", "keyValue": "Other"}
    call.fault("20111", "listOperation", listOperation="ADDTOLIST", listKey=other, listMemberList=members)
    status = call.call(
        "importToList",
        programName="Spring",
        importFileHeader="Email Address,FirstName",
        importFileRows={"stringItem": ["ann@example.com,Anna", "dan@example.com,Dan"]},
        importListMode="UPSERTLEADS",
        listName="Guests",
        clearList=False,
        campaignName=xsd.Nil,
    )
    assert status == "PROCESSING", status
    result = call.call("getImportToListStatus", programName="Spring", listName="Guests")
    assert (result.status, result.estimatedRows, result.rowsImported) == ("PROCESSING", 2, None), result


def campaigns(call):
    found = call.call("getCampaignsForSource", source="MKTOWS", name=xsd.Nil, exactName=False)
    assert [each.name for each in found.campaignRecordList.campaignRecord] == ["Welcome", "Invitation"], found
    none = call.call("getCampaignsForSource", source="SALES", name="none")
    # A list that is nil, zeep shows as an empty one.
    assert (none.returnCount, none.campaignRecordList.campaignRecord) == (0, []), none
    lead = {"leadKey": [key("IDNUM", "1")]}
    assert call.call("requestCampaign", source="MKTOWS", campaignId=21, leadList=lead) is True
    tokens = {"attrib": [{"name": "{{my.date}}", "value": "1 May"}]}
    names = {"programName": "Spring", "campaignName": "Invitation"}
    assert call.call("requestCampaign", source="MKTOWS", leadList=lead, programTokenList=tokens, **names) is True
    call.fault("20110", "requestCampaign", source="MKTOWS", campaignId=21, leadList=lead, **names)
    call.fault("20113", "requestCampaign", source="MKTOWS", campaignId=77, leadList=lead)
    at = datetime.datetime(2030, 5, 1, 8, 0, tzinfo=datetime.timezone.utc)
    done = call.call("scheduleCampaign", campaignRunAt=at, cloneToProgramName="Summer", programTokenList=tokens, **names)
    assert done is True
    tags = call.call("getTags", tagList={"tag": [{"type": "Region"}]})
    assert tags.tag[0].values.stringItem == ["North", "South"], tags
    channels = call.call("getChannels", tag={"type": "Channel", "values": {"stringItem": ["Webinar"]}})
    assert channels.tagStatus[0].statusList.progressionStatusItem[1].progressionStatus.attrib[0].value == "Attended"


def objects(call):
    names = call.call("listMObjects")
    assert "Opportunity" in names and "car_c" in names, names
    car = call.call("describeMObject", objectName="car_c")
    first, second = car.fieldList.field
    assert (first.isName, first.sourceObject, second.isName, second.size) == (True, None, None, None), car
    call.fault("20110", "describeMObject", objectName="Boat")
    criteria = {"mObjCriteria": [{"attrName": "Amount", "comparison": "GE", "attrValue": "100"}]}
    found = call.call("getMObjects", type="Opportunity", mObjCriteriaList=criteria, includeDetails=True)
    assert [each.id for each in found.mObjectList.mObject] == [41, 42] and found.hasMore is False, found
    ship = {"type": "Opportunity", "externalKey": {"name": "opportunityId", "value": "Z"}, "attribList": {"attrib": [{"name": "Name", "value": "Z"}]}}
    status = call.call("syncMObjects", mObjectList={"mObject": [ship, {"type": "Boat"}]}, operation="UPSERT")
    assert [(each.status, each.id is None) for each in status.mObjStatus] == [("CREATED", False), ("FAILED", True)], status
    status = call.call("deleteMObjects", mObjectList={"mObject": [ship]})
    assert status.mObjStatus[0].status == "DELETED", status

    page = call.call("getCustomObjects", objTypeName="Roadshow", batchSize=2, includeAttributes={"stringItem": ["zip"]})
    assert (page.returnCount, page.remainingCount) == (2, 1), page
    assert page.customObjList.customObj[0].customObjAttributeList.attribute[0].attrValue == "10001"
    page = call.call("getCustomObjects", objTypeName="Roadshow", streamPosition=page.newStreamPosition, includeAttributes={})
    assert page.returnCount == 1, page
    show = {"customObjKeyList": attributes(id="9"), "customObjAttributeList": attributes(city="Nine")}
    status = call.call("syncCustomObjects", objTypeName="Roadshow", customObjList={"customObj": [show]}, operation=xsd.Nil)
    assert status.syncCustomObjStatus[0].status == "CREATED", status
    status = call.call("deleteCustomObjects", objTypeName="Roadshow", customObjKeyLists={"keyList": [attributes(id="9")]})
    assert status.syncCustomObjStatus[0].status == "DELETED", status


def signatures(call):
    headers = call.headers()
    headers["authentication"]["requestSignature"] = "0" * 40
    call.fault("20014", "getLead", headers, leadKey=key("IDNUM", "1"))
    old = call.headers()
    at = "2020-01-01T00:00:00+00:00"
    signature = hmac.new(call.key.encode(), (at + call.user).encode(), hashlib.sha1).hexdigest()
    old["authentication"].update(requestTimestamp=at, requestSignature=signature)
    call.fault("20016", "getLead", old, leadKey=key("IDNUM", "1"))


def encrypted(wsdl, program):
    """The same over TLS, with the fake's own authority trusted and no other."""
    with running(program, "--tls") as said, tempfile.NamedTemporaryFile("w", suffix=".pem") as authority:
        authority.write(said["certificate"].replace("\\n", "\n"))
        authority.flush()
        assert said["soap"].startswith("https:")
        assert Caller(wsdl, said, authority.name).call("getLead", leadKey=key("IDNUM", "1")).count == 1
        try:
            Caller(wsdl, said).call("getLead", leadKey=key("IDNUM", "1"))
        except requests.exceptions.SSLError:
            return
        raise AssertionError("an authority was trusted that nobody knows")


def main(wsdl, program):
    with running(program, "--no-limits") as said:
        call = Caller(wsdl, said)
        for part in (leads, activities, lists, campaigns, objects, signatures):
            part(call)
            print("ok zeep client: %s" % part.__name__)
        encrypted(wsdl, program)
        print("ok zeep client: encrypted")
        assert call.validated.seen == call.answered > 30, (call.validated.seen, call.answered)
        every = {name for name in call.service._binding._operations}
        assert call.called == every and len(every) == 23, every ^ call.called
    print("PASS zeep %s as client of the fake: %d operations" % (zeep.__version__, len(every)))


if __name__ == "__main__":
    main(*sys.argv[1:])
