package main

import (
	"maps"

	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// states is what each state alters of the answers of a primary with two secondaries, all well.
var states = map[string]func(*member){
	"primary":   func(*member) {},
	"secondary": func(m *member) { m.become(1); m.inBlocks() },
	// One of three machines is gone.
	"member-down": func(m *member) { m.lose(2) },
	// Two are, and the third may not be primary without them.
	"no-primary": func(m *member) { m.become(2); m.lose(0); m.lose(1) },
	// More is asked of it than it can do, and its secondaries cannot follow.
	"overloaded": func(m *member) { m.queue(); m.work(); m.leaveBehind() },
	// Its user has lost its role.
	"denied": func(m *member) { m.denied = true },
	// It answers who it is, and that it is there, but does not come to say how it is.
	"stuck": func(m *member) { m.stuck = true },
}

// become makes another of the set's members the one that answers.
func (m *member) become(index int) {
	heartbeat := []string{"lastHeartbeat", "lastHeartbeatRecv", "pingMs"}
	self := m.of(index)
	for other := range m.all() {
		if m.of(other)["self"] == true {
			delete(m.of(other), "self")
			for _, key := range heartbeat {
				m.of(other)[key] = self[key]
			}
		}
	}
	self["self"] = true
	for _, key := range heartbeat {
		delete(self, key)
	}
	m.status["myState"] = self["state"]
	maps.Copy(at(m.server, "repl"), bson.M{"me": self["name"], "ismaster": false, "secondary": true})
}

// lose is what a member says of another that it can't reach, as in any `rs.status()` of a set with a member down.
func (m *member) lose(index int) {
	lost := m.of(index)
	for _, key := range []string{"optime", "optimeDurable", "optimeWritten"} {
		lost[key] = bson.M{"ts": primitive.Timestamp{}, "t": int64(-1)}
		lost[key+"Date"] = primitive.DateTime(0)
	}
	for _, key := range []string{"electionTime", "electionDate", "lastAppliedWallTime", "lastWrittenWallTime", "lastDurableWallTime"} {
		delete(lost, key)
	}
	maps.Copy(lost, bson.M{"health": 0, "state": 8, "stateStr": "(not reachable/healthy)", "uptime": 0, "configVersion": -1,
		"lastHeartbeatMessage": "Error connecting: Connection refused"})
}

// queue is how many are there now: connections, operations that wait for a ticket, dirty pages.
func (m *member) queue() {
	maps.Copy(at(m.server, "connections"), bson.M{"current": 800, "available": 19})
	maps.Copy(at(m.server, "globalLock", "currentQueue"), bson.M{"readers": 70, "writers": 20, "total": 90})
	for pool, waiting := range map[string]int{"read": 70, "write": 20} {
		tickets := at(m.server, "queues", "execution", pool)
		maps.Copy(tickets, bson.M{"available": 0, "out": tickets["totalTickets"]})
		at(tickets, "normalPriority")["queueLength"] = waiting
	}
	cache := at(m.server, "wiredTiger", "cache")
	cache["tracked dirty bytes in the cache"] = cache["maximum bytes configured"].(int64) / 4
}

// work adds a minute of it to what is counted since the start: ten reads a second, of 120 ms and 50,000 documents each.
func (m *member) work() {
	const reads = 600
	more(at(m.server, "opLatencies", "reads"), "ops", reads)
	more(at(m.server, "opLatencies", "reads"), "latency", reads*120_000) // in µs
	more(at(m.server, "metrics", "document"), "returned", reads)
	more(at(m.server, "metrics", "queryExecutor"), "scannedObjects", reads*50_000)
}

func more(of bson.M, key string, by int64) { of[key] = of[key].(int64) + by }

// leaveBehind: the second member has applied nothing for ten minutes; the third is so far back that the first has forgotten where,
// which makes it one that recovers, for ever. The oplog is full, and goes eight hours back.
func (m *member) leaveBehind() {
	m.delay(1, 10*time.Minute)
	m.delay(2, 9*time.Hour)
	maps.Copy(m.of(2), bson.M{"state": 3, "stateStr": "RECOVERING", "infoMessage": "too stale to catch up"})
	oplog := at(m.oplog, "storageStats")
	oplog["size"] = oplog["maxSize"]
	m.oldest.T = m.newest.T - uint32((8 * time.Hour).Seconds())
}

// delay sets back the last operation that a member has applied.
func (m *member) delay(index int, by time.Duration) {
	for _, key := range []string{"optimeDate", "optimeDurableDate", "optimeWrittenDate"} {
		m.of(index)[key] = m.of(index)[key].(primitive.DateTime) - primitive.DateTime(by.Milliseconds())
	}
}

// inBlocks is how 8.0 notes it where a router may run in the same process (src/mongo/db/ftdc/ftdc_mongod.cpp: UseMultiServiceSchema).
func (m *member) inBlocks() {
	shard := bson.M{}
	for _, key := range []string{"serverStatus", "replSetGetStatus", "local.oplog.rs.stats"} {
		shard[key] = m.diagnostic[key]
		delete(m.diagnostic, key)
	}
	m.diagnostic["shard"] = shard
	m.diagnostic["common"] = bson.M{"systemMetrics": m.diagnostic["systemMetrics"]}
	delete(m.diagnostic, "systemMetrics")
}
