package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// account is what a real AWS account would remember between runs: which ids exist, of which type, and what of them later
// requests are judged by. It is kept as a journal (JSON lines), so a rehearsal that was killed finds its account again, and
// the order of operations can be read from it.
type account struct {
	mu      sync.Mutex
	journal *os.File
	held    map[string]*record
	// How often the same type was made of the same configuration: the protocol carries no addresses, so equal resources are
	// told apart by their order.
	seen map[string]int
}

type record struct {
	Op    string            `json:"op"`
	Type  string            `json:"type"`
	ID    string            `json:"id"`
	Facts map[string]string `json:"facts,omitempty"`
}

func openAccount(path string) (*account, error) {
	a := &account{held: map[string]*record{}, seen: map[string]int{}}
	if file, err := os.Open(path); err == nil {
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var one record
			// A line that was cut off by a kill is the last one; what it said did not happen.
			if json.Unmarshal(lines.Bytes(), &one) == nil {
				a.take(&one)
			}
		}
		file.Close()
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	a.journal = file
	return a, err
}

func (a *account) take(one *record) {
	if one.Op == "delete" {
		delete(a.held, key(one.Type, one.ID))
		return
	}
	if one.Op == "create" {
		a.seen[one.Facts["fingerprint"]]++
	}
	a.held[key(one.Type, one.ID)] = one
}

func key(typ, id string) string { return typ + "/" + id }

// write remembers an operation; the caller holds the lock.
func (a *account) write(one *record) {
	a.take(one)
	line, _ := json.Marshal(one)
	fmt.Fprintf(a.journal, "%s\n", line)
}

// ofType lists what exists of a type; the caller holds the lock.
func (a *account) ofType(typ string) []*record {
	var found []*record
	for _, name := range sortedKeys(a.held) {
		if a.held[name].Type == typ {
			found = append(found, a.held[name])
		}
	}
	return found
}

// fingerprint of a type and its configuration; nth tells equal ones apart.
func fingerprint(typ string, config []byte) string {
	sum := sha256.Sum256(append([]byte(typ+"\n"), config...))
	return hex.EncodeToString(sum[:])
}
