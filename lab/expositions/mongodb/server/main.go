// A stand-in for one member of a MongoDB replica set, of which mongodb_exporter asks what it asks of a mongod: it speaks the wire
// protocol, and answers from documents. They are those of a real mongod (documents.go), altered for a state (states.go). It stores
// nothing, replicates nothing, asks nobody for a password and takes none.
//
//	server -answers get_diagnostic_data.json -state overloaded -listen 127.0.0.1:27017
package main

import (
	"bufio"
	"flag"
	"log"
	"maps"
	"net"
	"slices"
	"strings"
)

func main() {
	answers := flag.String("answers", "", "a mongod's answer to getDiagnosticData, as JSON")
	state := flag.String("state", "primary", strings.Join(slices.Sorted(maps.Keys(states)), ", "))
	listen := flag.String("listen", "127.0.0.1:27017", "address")
	flag.Parse()
	alter, known := states[*state]
	if !known {
		log.Fatalf("no state %q", *state)
	}
	one, err := readMember(*answers)
	if err != nil {
		log.Fatal(err)
	}
	alter(one)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(client, one)
	}
}

// serve answers one connection's requests, until it is closed or says what is no request.
func serve(client net.Conn, of *member) {
	defer client.Close()
	from := bufio.NewReader(client)
	for {
		asked, err := readRequest(from)
		if err != nil {
			return
		}
		answer := of.answer(asked.command)
		if answer == nil {
			continue
		}
		if err := writeReply(client, asked, answer); err != nil {
			return
		}
	}
}
