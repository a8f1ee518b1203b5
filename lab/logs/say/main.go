// A program for the lab's pods that writes numbered lines of one length, some a second, and then waits to be ended.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	lines := flag.Int("lines", 1000, "how many")
	size := flag.Int("bytes", 1024, "length of a line")
	rate := flag.Int("rate", 500, "lines a second")
	flag.Parse()
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	// Spaces all over, so that the runtime's pieces begin and end with them.
	rest := strings.Repeat("x ", *size/2)
	began := time.Now()
	for number := range *lines {
		fmt.Printf("%06d %s\n", number, rest[:*size-7])
		time.Sleep(time.Until(began.Add(time.Duration(number) * time.Second / time.Duration(*rate))))
	}
	<-end
}
