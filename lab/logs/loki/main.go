// A stand-in for Loki's OTLP endpoint, which is in no package registry: it takes what the collector ships, makes labels and
// structured metadata of it by the rules and limits of our own values file, refuses what Loki refuses, and writes each entry to a
// file as a line of JSON. No query language, no index, no retention.
//
//	loki -values gitops/root/values/loki.yaml -entries FILE [-listen :3100]
//
// PUT /answer/503 makes it answer so from now on (0: as usual; 400 and 503 take nothing).
package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.yaml.in/yaml/v3"
)

// Loki's defaults for what the values do not set (Loki 3.7, limits_config).
const (
	maxLabels       = 15
	maxLabelValue   = 2048
	maxLine         = 256 << 10
	maxMetadata     = 128
	maxMetadataSize = 64 << 10
	oldest          = 7 * 24 * time.Hour
	newest          = 10 * time.Minute
	// Half of max_chunk_age: what is so much older than its stream's newest entry is refused.
	behind  = time.Hour
	maxBody = 100 << 20
)

type values struct {
	Loki struct {
		Limits struct {
			Truncate bool `yaml:"max_line_size_truncate"`
			OTLP     struct {
				Resource struct {
					IgnoreDefaults bool `yaml:"ignore_defaults"`
					Attributes     []struct {
						Action     string   `yaml:"action"`
						Attributes []string `yaml:"attributes"`
					} `yaml:"attributes_config"`
				} `yaml:"resource_attributes"`
			} `yaml:"otlp_config"`
		} `yaml:"limits_config"`
	} `yaml:"loki"`
}

type entry struct {
	Time     int64             `json:"time"`
	Labels   map[string]string `json:"labels"`
	Metadata map[string]string `json:"metadata"`
	Line     string            `json:"line"`
}

type store struct {
	mu       sync.Mutex
	file     *os.File
	answer   int
	index    map[string]bool
	truncate bool
	// Time of the newest entry of each stream.
	streams map[string]int64
}

func main() {
	path := flag.String("values", "", "values of the Loki chart")
	entries := flag.String("entries", "", "file to write entries to")
	listen := flag.String("listen", ":3100", "address")
	flag.Parse()
	text, err := os.ReadFile(*path)
	check(err)
	var given values
	check(yaml.Unmarshal(text, &given))
	limits := given.Loki.Limits
	if !limits.OTLP.Resource.IgnoreDefaults {
		log.Fatalf("%s: without ignore_defaults Loki makes a label of every pod's name", *path)
	}
	one := &store{index: map[string]bool{}, truncate: limits.Truncate, streams: map[string]int64{}}
	for _, rule := range limits.OTLP.Resource.Attributes {
		for _, name := range rule.Attributes {
			one.index[name] = rule.Action == "index_label"
		}
	}
	one.file, err = os.OpenFile(*entries, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	check(err)
	http.HandleFunc("PUT /answer/{status}", one.setAnswer)
	http.HandleFunc("POST /otlp/v1/logs", one.push)
	http.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	check(serve(*listen))
}

// serve ends as Loki does: what it has taken it answers first, so that nothing is sent again which is there.
func serve(address string) error {
	server := http.Server{Addr: address}
	asked, ended := make(chan os.Signal, 1), make(chan error)
	signal.Notify(asked, syscall.SIGTERM)
	go func() {
		<-asked
		ended <- server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-ended
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (s *store) setAnswer(w http.ResponseWriter, r *http.Request) {
	status, err := strconv.Atoi(r.PathValue("status"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = status
}

func (s *store) push(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer != 0 {
		http.Error(w, "told to", s.answer)
		return
	}
	logs, err := read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var taken []entry
	var refused []string
	for _, resource := range logs.ResourceLogs().All() {
		labels, metadata := s.split(resource.Resource().Attributes())
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				one := s.entry(record, labels, metadata)
				if why := s.refuse(one); why != "" {
					refused = append(refused, why)
					continue
				}
				taken = append(taken, one)
			}
		}
	}
	encoder := json.NewEncoder(s.file)
	encoder.SetEscapeHTML(false)
	for _, one := range taken {
		check(encoder.Encode(one))
	}
	// As Loki: what is good is kept, and the whole request is answered 400, which no client sends again.
	if len(refused) > 0 {
		http.Error(w, fmt.Sprintf("%d entries refused, the first: %s", len(refused), refused[0]), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func read(r *http.Request) (plog.Logs, error) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			return plog.Logs{}, err
		}
		body = unpacked
	}
	data, err := io.ReadAll(io.LimitReader(body, maxBody))
	if err != nil {
		return plog.Logs{}, err
	}
	request := plogotlp.NewExportRequest()
	err = request.UnmarshalProto(data)
	return request.Logs(), err
}

// split makes labels of what the values name, and structured metadata of the rest.
func (s *store) split(attributes pcommon.Map) (labels, metadata map[string]string) {
	labels, metadata = map[string]string{}, map[string]string{}
	for name, value := range attributes.All() {
		if s.index[name] {
			labels[label(name)] = value.AsString()
		} else {
			metadata[label(name)] = value.AsString()
		}
	}
	if labels["service_name"] == "" {
		labels["service_name"] = "unknown_service"
	}
	return labels, metadata
}

func (s *store) entry(record plog.LogRecord, labels, resource map[string]string) entry {
	metadata := map[string]string{}
	for name, value := range resource {
		metadata[name] = value
	}
	for name, value := range record.Attributes().All() {
		metadata[label(name)] = value.AsString()
	}
	if text := record.SeverityText(); text != "" {
		metadata["severity_text"] = text
	}
	if number := record.SeverityNumber(); number != 0 {
		metadata["severity_number"] = strconv.Itoa(int(number))
	}
	if id := record.TraceID(); !id.IsEmpty() {
		metadata["trace_id"] = id.String()
	}
	if id := record.SpanID(); !id.IsEmpty() {
		metadata["span_id"] = id.String()
	}
	line := record.Body().AsString()
	if len(line) > maxLine && s.truncate {
		line = line[:maxLine]
	}
	// As Loki: what has no time of its own has the time at which it was seen.
	at := record.Timestamp()
	if at == 0 {
		at = record.ObservedTimestamp()
	}
	return entry{Time: int64(at), Labels: labels, Metadata: metadata, Line: line}
}

func (s *store) refuse(one entry) string {
	size := 0
	for name, value := range one.Metadata {
		size += len(name) + len(value)
	}
	age := time.Since(time.Unix(0, one.Time))
	switch {
	case len(one.Labels) > maxLabels:
		return fmt.Sprintf("%d labels", len(one.Labels))
	case longest(one.Labels) > maxLabelValue:
		return "a label's value is too long"
	case len(one.Line) > maxLine:
		return fmt.Sprintf("a line of %d bytes", len(one.Line))
	case len(one.Metadata) > maxMetadata || size > maxMetadataSize:
		return fmt.Sprintf("%d fields of structured metadata, %d bytes", len(one.Metadata), size)
	case age > oldest || age < -newest:
		return fmt.Sprintf("a time %s ago", age)
	}
	stream := fmt.Sprint(one.Labels)
	if one.Time < s.streams[stream]-int64(behind) {
		return "too far behind its stream"
	}
	s.streams[stream] = max(s.streams[stream], one.Time)
	return ""
}

func longest(labels map[string]string) int {
	most := 0
	for _, value := range labels {
		most = max(most, len(value))
	}
	return most
}

// label is an attribute's name as Loki writes it.
func label(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}
