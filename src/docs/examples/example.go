// SPDX-License-Identifier: Apache-2.0
// Publishes to a channel, or subscribes to it and resumes after each disconnect. Needs the standard library only.
//
//	go run example.go subscribe http://localhost:8080 news [position]
//	go run example.go publish http://localhost:8080 news '{"price":7}'
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	mathrand "math/rand"
	"net/http"
	"net/url"
	"os"
	"time"
)

// After this time a connection counts as dead. The service sends a heartbeat every 25 s.
const silence = 60 * time.Second

// What the service says about a request that it would refuse again, or when it closes a connection for good.
type final string

func (f final) Error() string { return string(f) }

type event struct {
	Type, Position, Code string
	Resumed              bool
	Data                 json.RawMessage
}

type subscription struct {
	url, position string
	failures      int
	handle        func(event)
}

// Hands on every message once and in order, whatever happens to the connection. Ends if the service refuses.
func (s *subscription) run() error {
	for {
		if err := s.follow(); errors.As(err, new(final)) {
			return err
		}
		pause(s.failures)
		s.failures++
	}
}

// Reads one connection to its end.
func (s *subscription) follow() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	watchdog := time.AfterFunc(silence, cancel)
	defer watchdog.Stop()
	address := s.url
	if s.position != "" {
		address += "?from=" + url.QueryEscape(s.position)
	}
	request, err := http.NewRequestWithContext(ctx, "GET", address, nil)
	if err != nil {
		return final(err.Error())
	}
	request.Header.Set("Accept", "application/x-ndjson")
	answer, err := send(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	for lines := bufio.NewReader(answer.Body); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		watchdog.Reset(silence)
		if len(bytes.TrimSpace(line)) == 0 {
			continue // a heartbeat
		}
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		switch {
		case e.Type == "message":
			s.handle(e)
			s.position = e.Position
		case e.Type == "gap", e.Type == "subscribed" && !e.Resumed:
			log.Print("Messages were lost")
			s.position = e.Position
		case e.Type == "subscribed":
			if s.position == "" {
				s.position = e.Position
			}
			s.failures = 0
		case e.Type == "goodbye" && e.Code != "draining":
			return final("The service closed the connection: " + e.Code)
		}
	}
}

// Returns the position. Repeats the request until it is answered; the key keeps the service from accepting it twice.
func publish(address, data string) (string, error) {
	key := make([]byte, 16)
	rand.Read(key)
	for failures := 0; ; failures++ {
		position, err := post(address, data, fmt.Sprintf("%x", key))
		if err == nil || errors.As(err, new(final)) {
			return position, err
		}
		pause(failures)
	}
}

func post(address, data, key string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "POST", address, bytes.NewReader([]byte(data)))
	if err != nil {
		return "", final(err.Error())
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	answer, err := send(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var published event
	err = json.NewDecoder(answer.Body).Decode(&published)
	return published.Position, err
}

// The same request would be refused again, unless it was one too many or the service has a problem.
func send(request *http.Request) (*http.Response, error) {
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode < 300 {
		return answer, err
	}
	defer answer.Body.Close()
	problem, _ := io.ReadAll(answer.Body)
	if answer.StatusCode >= 500 || answer.StatusCode == 429 {
		return nil, errors.New(answer.Status)
	}
	return nil, final(problem)
}

// Waits for a random time, so that the clients of a restarted service do not all return at once.
func pause(failures int) {
	limit := 10 * time.Second
	if failures < 5 {
		limit = 500 * time.Millisecond << failures
	}
	time.Sleep(time.Duration(mathrand.Int63n(int64(limit))))
}

func main() {
	mathrand.Seed(time.Now().UnixNano())
	arguments := append(os.Args[1:], "")
	address := arguments[1] + "/channels/" + arguments[2]
	if arguments[0] == "publish" {
		position, err := publish(address, arguments[3])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(position)
		return
	}
	s := subscription{url: address, position: arguments[3], handle: func(message event) {
		fmt.Println(message.Position, string(message.Data))
	}}
	log.Fatal(s.run())
}
