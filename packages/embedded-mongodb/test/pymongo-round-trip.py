"""Speaks to a MongoDB with Python's driver, one check after the other.

Usage: pymongo-round-trip.py <connection string> <database>
Prints one line of JSON for each check: its name, and the error if there was one.
"""

import datetime
import json
import re
import sys

import bson
import pymongo
from bson.binary import Binary
from bson.codec_options import CodecOptions
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from bson.objectid import ObjectId
from pymongo import errors
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

client = pymongo.MongoClient(sys.argv[1], serverSelectionTimeoutMS=5000)
db = client[sys.argv[2]]
checks = []


def check(function):
    checks.append(function)
    return function


def seeded(name, *documents):
    things = db[name]
    things.drop()
    if documents:
        things.insert_many([{"_id": n, **document} for n, document in enumerate(documents)])
    return things


@check
def greets():
    assert client.admin.command("ping")["ok"] == 1
    assert client.server_info()["version"]
    assert client.is_primary


@check
def inserts_and_finds():
    things = seeded("crud")
    one = things.insert_one({"a": 1})
    assert isinstance(one.inserted_id, ObjectId)
    assert len(things.insert_many([{"a": 2}, {"a": 3}]).inserted_ids) == 2
    assert [d["a"] for d in things.find({"a": {"$gt": 1}}).sort("a", -1)] == [3, 2]
    assert things.find_one({"a": 9}) is None
    assert things.count_documents({}) == 3
    assert things.estimated_document_count() == 3
    assert sorted(things.distinct("a")) == [1, 2, 3]


@check
def keeps_types():
    values = {
        "i": 1,
        "l": Int64(1),
        "d": 2.0,
        "m": Decimal128("1.50"),
        "s": "grüße",
        "b": b"\x00\x01",
        "u": Binary(b"kind", 5),
        "t": datetime.datetime(2024, 2, 29, 12, 0, 0, 123000),
        "n": None,
        "r": bson.regex.Regex("^a", re.I),
        "o": {"z": 1, "a": [1, {"b": 2}]},
        "x": bson.timestamp.Timestamp(5, 1),
        "lo": bson.min_key.MinKey(),
        "hi": bson.max_key.MaxKey(),
        "c": bson.code.Code("return 1"),
    }
    things = seeded("types", values)
    found = things.find_one({}, {"_id": 0})
    for name, value in values.items():
        assert found[name] == value, (name, found[name])
    assert list(found) == list(values)
    assert isinstance(found["l"], Int64) and not isinstance(found["i"], Int64)
    assert isinstance(found["d"], float)


@check
def computes_with_types():
    things = seeded("sums", {"k": 1, "n": 1}, {"k": 1, "n": 2})
    (result,) = things.aggregate([{"$group": {"_id": None, "s": {"$sum": "$n"}, "a": {"$avg": "$n"}}}])
    assert type(result["s"]) is int and type(result["a"]) is float, result
    things.update_one({"_id": 0}, {"$inc": {"n": 1.0}})
    assert type(things.find_one({"_id": 0})["n"]) is float
    things.update_one({"_id": 1}, {"$mul": {"n": Int64(2)}})
    assert type(things.find_one({"_id": 1})["n"]) is Int64


@check
def updates():
    things = seeded("updates", {"a": [1, 5], "n": 1}, {"a": [], "n": 1})
    result = things.update_many({"n": 1}, {"$set": {"x": 1}})
    assert (result.matched_count, result.modified_count) == (2, 2)
    assert things.update_one({"_id": 9}, {"$set": {"n": 1}}, upsert=True).upserted_id == 9
    things.update_one({"_id": 0}, {"$set": {"a.$[e]": 0}}, array_filters=[{"e": {"$gt": 3}}])
    assert things.find_one({"_id": 0})["a"] == [1, 0]
    things.update_one({"_id": 0}, [{"$set": {"y": {"$add": ["$n", 1]}}}])
    assert things.find_one({"_id": 0})["y"] == 2
    assert things.replace_one({"_id": 0}, {"z": 1}).modified_count == 1
    assert things.find_one({"_id": 0}) == {"_id": 0, "z": 1}
    assert things.delete_one({"_id": 0}).deleted_count == 1
    assert things.delete_many({}).deleted_count == 2


@check
def finds_and_modifies():
    things = seeded("modify", {"n": 1}, {"n": 2})
    after = pymongo.ReturnDocument.AFTER
    assert things.find_one_and_update({"n": 1}, {"$inc": {"n": 5}}, return_document=after)["n"] == 6
    assert things.find_one_and_replace({"n": 6}, {"m": 1}) == {"_id": 0, "n": 6}
    assert things.find_one_and_delete({}, sort=[("_id", -1)]) == {"_id": 1, "n": 2}


@check
def writes_in_bulk():
    things = seeded("bulk", {"n": 1})
    result = things.bulk_write([
        pymongo.InsertOne({"_id": 5}),
        pymongo.UpdateOne({"n": 1}, {"$set": {"n": 2}}),
        pymongo.UpdateMany({}, {"$set": {"all": True}}),
        pymongo.ReplaceOne({"_id": 7}, {"r": 1}, upsert=True),
        pymongo.DeleteOne({"_id": 5}),
        pymongo.DeleteMany({"n": 2}),
    ])
    assert result.inserted_count == 1 and result.upserted_ids == {3: 7} and result.deleted_count == 2
    try:
        things.bulk_write([pymongo.InsertOne({"_id": 7}), pymongo.InsertOne({"_id": 8})], ordered=False)
        raise AssertionError("a duplicate was let in")
    except errors.BulkWriteError as error:
        assert error.details["writeErrors"][0]["code"] == 11000
    assert things.count_documents({}) == 2


@check
def iterates():
    things = seeded("cursors", *[{"n": n} for n in range(300)])
    assert len(list(things.find(batch_size=7))) == 300
    cursor = things.find().sort("n", 1).skip(10).limit(5)
    assert [d["n"] for d in cursor] == [10, 11, 12, 13, 14]
    cursor = things.find(batch_size=2)
    next(cursor)
    cursor.close()
    assert [d["n"] for d in things.find({}, {"n": 1}).sort([("n", -1)]).limit(2)] == [299, 298]
    assert len(list(things.find_raw_batches({"n": {"$lt": 5}}))) == 1
    assert things.find({"n": 5}).explain()["ok"] == 1


@check
def aggregates():
    things = seeded("left", {"k": 1}, {"k": 2})
    seeded("right", {"k": 1, "v": "x"})
    joined = list(things.aggregate([
        {"$lookup": {"from": "right", "localField": "k", "foreignField": "k", "as": "r"}},
        {"$unwind": "$r"},
        {"$project": {"v": "$r.v", "_id": 0}},
    ]))
    assert joined == [{"v": "x"}], joined
    list(things.aggregate([{"$match": {"k": 2}}, {"$out": "outcome"}]))
    assert db.outcome.count_documents({}) == 1


@check
def indexes():
    things = seeded("indexes", {"a": 1})
    assert things.create_index([("a", 1)], unique=True) == "a_1"
    things.create_indexes([pymongo.IndexModel([("b", pymongo.DESCENDING)]), pymongo.IndexModel("c")])
    assert set(things.index_information()) == {"_id_", "a_1", "b_-1", "c_1"}
    try:
        things.insert_one({"a": 1})
        raise AssertionError("a duplicate was let in")
    except errors.DuplicateKeyError as error:
        assert error.details["keyValue"] == {"a": 1}
    things.drop_index("a_1")
    things.drop_indexes()
    assert set(things.index_information()) == {"_id_"}


@check
def transactions():
    things = seeded("transactions", {"n": 0})
    with client.start_session() as session:
        with session.start_transaction(read_concern=ReadConcern("snapshot")):
            things.update_one({}, {"$inc": {"n": 1}}, session=session)
            assert things.find_one()["n"] == 0
        assert things.find_one()["n"] == 1
        session.start_transaction()
        things.delete_many({}, session=session)
        session.abort_transaction()
        session.with_transaction(lambda s: things.update_one({}, {"$inc": {"n": 1}}, session=s))
    assert things.find_one()["n"] == 2


@check
def concerns():
    things = seeded("concerns", {"n": 0})
    quiet = things.with_options(write_concern=WriteConcern(w=0))
    assert not quiet.insert_one({"n": 1}).acknowledged
    assert things.with_options(write_concern=WriteConcern(w="majority", j=True)).insert_one({}).acknowledged
    assert things.with_options(read_concern=ReadConcern("majority")).find_one({"n": 0})
    aware = things.with_options(codec_options=CodecOptions(tz_aware=True))
    assert aware.find_one({"n": 0}) == {"_id": 0, "n": 0}


@check
def administers():
    seeded("admin", {"a": 1})
    assert "admin" in db.list_collection_names()
    assert db.name in client.list_database_names()
    assert db.command("collStats", "admin")["count"] == 1
    assert db.command("dbStats")["ok"] == 1
    assert db.validate_collection("admin")["valid"]
    for command in ("serverStatus", "hostInfo", "buildInfo", "connectionStatus", "listCommands"):
        assert client.admin.command(command)["ok"] == 1
    db.admin.rename("renamed", dropTarget=True)
    assert db.renamed.count_documents({}) == 1
    db.create_collection("made")
    db.drop_collection("made")
    assert "made" not in db.list_collection_names()


@check
def fails_clearly():
    for command, code in (({"nope": 1}, 59), ({"find": "x", "filter": {"$nope": 1}}, 2)):
        try:
            db.command(command)
            raise AssertionError("it was taken")
        except errors.OperationFailure as error:
            assert error.code == code, error
    client.drop_database(db.name)
    assert db.name not in client.list_database_names()


for function in checks:
    problem = None
    try:
        function()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        problem = f"{type(error).__name__}: {error}"
    print(json.dumps({"check": function.__name__, "problem": problem}))
