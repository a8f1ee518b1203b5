package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// readDocument reads an answer of a mongod that Percona keeps as JSON for the tests of its exporter, and gives numbers, dates,
// timestamps and ids, of which JSON knows nothing, back their types: the exporter leaves out what is a string.
func readDocument(path string) (bson.M, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return typed(document).(bson.M), nil
}

func typed(value any) any {
	switch it := value.(type) {
	case map[string]any:
		if second, increment, ok := timestamp(it); ok {
			return primitive.Timestamp{T: second, I: increment}
		}
		document := bson.M{}
		for key, one := range it {
			document[key] = typed(one)
		}
		return document
	case []any:
		list := bson.A{}
		for _, one := range it {
			list = append(list, typed(one))
		}
		return list
	case json.Number:
		if whole, err := it.Int64(); err == nil {
			return whole
		}
		number, _ := it.Float64()
		return number
	case string:
		if date, err := time.Parse(time.RFC3339, it); err == nil {
			return primitive.NewDateTimeFromTime(date)
		}
		if id, err := primitive.ObjectIDFromHex(it); err == nil {
			return id
		}
		return renamed.Replace(it)
	default:
		return it
	}
}

// The recorded set was three containers of Percona's; it gets the names of the platform's.
var renamed = strings.NewReplacer("172.19.0.9", host(0), "172.19.0.7", host(1), "172.19.0.6", host(2), "rs1", "cimiento")

func host(member int) string { return fmt.Sprintf("mongodb-%d.cimiento.internal", member+1) }

func timestamp(of map[string]any) (second, increment uint32, ok bool) {
	t, hasT := of["T"].(json.Number)
	i, hasI := of["I"].(json.Number)
	if !hasT || !hasI || len(of) != 2 {
		return 0, 0, false
	}
	seconds, _ := t.Int64()
	count, _ := i.Int64()
	return uint32(seconds), uint32(count), true
}
