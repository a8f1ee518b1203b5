package main

import (
	"maps"

	"go.mongodb.org/mongo-driver/bson"
)

// as80 gives the answers, which are MongoDB 4.2.8's, the shape of 8.0 where a rule looks. What is new has the names that MongoDB's
// manual gives it (mongodb/docs, content/manual/v8.0/source/reference/command: serverStatus.txt, section "queues" and
// "connections"; replSetGetStatus.txt; collStats.txt) and no value to speak of; whatever else 8.0 has more of is not here.
func (m *member) as80() {
	server := m.server
	tickets := at(server, "wiredTiger", "concurrentTransactions")
	delete(at(server, "wiredTiger"), "concurrentTransactions")
	server["queues"] = bson.M{"execution": bson.M{
		"read":  queue(at(tickets, "read")),
		"write": queue(at(tickets, "write")),
		"monitor": zeros("timesDecreased", "timesIncreased", "totalAmountDecreased", "totalAmountIncreased", "resizeDurationMicros",
			"timesProbedStable", "timesProbedUp", "timesProbedDown"),
	}}
	maps.Copy(at(server, "connections"), zeros("rejected", "threaded", "exhaustIsMaster", "exhaustHello", "awaitingTopologyChanges",
		"loadBalanced", "queuedForEstablishment"))
	at(server, "connections")["establishmentRateLimit"] = zeros("rejected", "exempted", "interruptedDueToClientDisconnect")

	// Buckets of a histogram, which have no name: percona/mongodb_exporter#1179, a scrape full of duplicates.
	bucket := bson.M{"lowerBound": int64(0), "count": int64(0)}
	at(server, "metrics", "query")["multiPlanner"] = bson.M{"histograms": bson.M{"sbeNumReads": bson.A{bucket, bucket}}}

	// Since 7.0 the numbers of the oplog's collection are below storageStats: percona/mongodb_exporter's tests know both.
	oplog := m.oplog
	numbers := bson.M{}
	for _, key := range []string{"avgObjSize", "count", "max", "maxSize", "size", "storageSize", "totalIndexSize", "wiredTiger"} {
		numbers[key] = oplog[key]
		delete(oplog, key)
	}
	oplog["storageStats"] = numbers

	status := m.status
	delete(status, "syncingTo")
	maps.Copy(status, bson.M{"votingMembersCount": 3, "writableVotingMembersCount": 3})
	for index := range m.all() {
		other := m.of(index)
		delete(other, "syncingTo")
		maps.Copy(other, bson.M{"configTerm": status["term"], "optimeWritten": other["optime"], "optimeWrittenDate": other["optimeDate"],
			"lastAppliedWallTime": other["optimeDate"], "lastWrittenWallTime": other["optimeDate"],
			"lastDurableWallTime": other["optimeDate"]})
	}
}

// queue is a pool of tickets and who waits for one.
func queue(tickets bson.M) bson.M {
	counts := []string{"addedToQueue", "removedFromQueue", "queueLength", "startedProcessing", "processing", "finishedProcessing",
		"totalTimeProcessingMicros", "canceled", "newAdmissions", "totalTimeQueuedMicros"}
	pool := bson.M{"exempt": zeros(counts...), "normalPriority": zeros(counts...)}
	maps.Copy(pool, tickets)
	return pool
}

func zeros(keys ...string) bson.M {
	document := bson.M{}
	for _, key := range keys {
		document[key] = int64(0)
	}
	return document
}
