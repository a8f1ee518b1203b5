package main

import (
	"maps"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// member is what one member of the set answers.
type member struct {
	// diagnostic is the `data` of getDiagnosticData: what mongod notes of itself each second.
	diagnostic bson.M
	// server, status and oplog are parts of it: serverStatus, replSetGetStatus, and the statistics of the oplog's collection.
	server, status, oplog bson.M
	// newest and oldest operation of its oplog.
	newest, oldest primitive.Timestamp
	// denied: its user may do nothing but sign in.
	denied bool
	// stuck: getDiagnosticData never returns.
	stuck bool
}

func readMember(path string) (*member, error) {
	data, err := readDocument(path)
	if err != nil {
		return nil, err
	}
	one := &member{
		diagnostic: data,
		server:     at(data, "serverStatus"),
		status:     at(data, "replSetGetStatus"),
		oplog:      at(data, "local.oplog.rs.stats"),
	}
	one.newest = at(one.status, "optimes", "appliedOpTime")["ts"].(primitive.Timestamp)
	// The oplog's ends are not in the recorded answers: its oldest operation is given the age of the set.
	one.oldest = primitive.Timestamp{T: one.newest.T - uint32(one.server["uptime"].(int64)), I: 1}
	one.as80()
	return one, nil
}

// at is the document at a path.
func at(document bson.M, path ...string) bson.M {
	for _, key := range path {
		document = document[key].(bson.M)
	}
	return document
}

// all is what this member says of each member of the set, itself among them.
func (m *member) all() bson.A { return m.status["members"].(bson.A) }

func (m *member) of(index int) bson.M { return m.all()[index].(bson.M) }

var (
	unauthorized         = bson.M{"ok": 0, "code": 13, "codeName": "Unauthorized", "errmsg": "not authorized on admin to execute command"}
	authenticationFailed = bson.M{"ok": 0, "code": 18, "codeName": "AuthenticationFailed", "errmsg": "Authentication failed."}
	commandNotFound      = bson.M{"ok": 0, "code": 59, "codeName": "CommandNotFound", "errmsg": "no such command"}
)

// answer is nothing for a command that does not return.
func (m *member) answer(command bson.Raw) bson.M {
	elements, err := command.Elements()
	if err != nil || len(elements) == 0 {
		return commandNotFound
	}
	switch name := elements[0].Key(); name {
	case "hello", "isMaster", "ismaster":
		return m.hello()
	case "ping", "endSessions":
		return bson.M{"ok": 1}
	case "buildInfo":
		return bson.M{"ok": 1, "version": m.server["version"]}
	case "saslStart": // nobody is known here by a password
		return authenticationFailed
	case "getCmdLineOpts", "getDiagnosticData", "replSetGetConfig", "replSetGetStatus", "find", "listDatabases":
		if m.denied {
			return unauthorized
		}
		return m.inform(name, command)
	default:
		return commandNotFound
	}
}

func (m *member) inform(name string, command bson.Raw) bson.M {
	switch name {
	case "getCmdLineOpts":
		return bson.M{"ok": 1, "parsed": bson.M{"replication": bson.M{"replSetName": m.status["set"]}}}
	case "getDiagnosticData":
		if m.stuck {
			return nil
		}
		return bson.M{"ok": 1, "data": m.diagnostic}
	case "replSetGetConfig":
		return m.config()
	case "replSetGetStatus":
		// What mongod notes of it has the times of noting beside it.
		status := maps.Clone(m.status)
		delete(status, "start")
		delete(status, "end")
		return status
	case "find":
		return m.find(command)
	default:
		return bson.M{"ok": 1, "databases": bson.A{}}
	}
}

func (m *member) hello() bson.M {
	hello := bson.M{"ok": 1, "helloOk": true, "minWireVersion": 0, "maxWireVersion": 25, "maxBsonObjectSize": 16777216,
		"maxMessageSizeBytes": largestMessage, "maxWriteBatchSize": 100000}
	for key, value := range at(m.server, "repl") {
		hello[key] = value
	}
	return hello
}

func (m *member) config() bson.M {
	members := bson.A{}
	for index := range m.all() {
		members = append(members, bson.M{"_id": index, "host": m.of(index)["name"], "votes": 1, "priority": 1.0})
	}
	id, _ := primitive.ObjectIDFromHex("5f5a4102d5a3d8c1e0a1b2c3")
	return bson.M{"ok": 1, "config": bson.M{"_id": m.status["set"], "version": 1, "members": members,
		"settings": bson.M{"replicaSetId": id}}}
}

// find knows of the oplog's two ends; any other collection is empty.
func (m *member) find(command bson.Raw) bson.M {
	batch := bson.A{}
	if command.Lookup("find").StringValue() == "oplog.rs" {
		end := m.newest
		if command.Lookup("sort", "$natural").AsInt64() > 0 {
			end = m.oldest
		}
		batch = bson.A{bson.M{"ts": end}}
	}
	return bson.M{"ok": 1, "cursor": bson.M{"id": int64(0), "ns": "stand.in", "firstBatch": batch}}
}
