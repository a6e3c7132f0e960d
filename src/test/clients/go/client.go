// SPDX-License-Identifier: Apache-2.0
// The WebSocket of gorilla, with compression.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/gorilla/websocket"
)

// What the scenario has to know of an event.
type event struct {
	Type     string
	Position string
	Data     struct{ Last bool }
}

var (
	input    = bufio.NewReader(os.Stdin)
	dialer   = websocket.Dialer{EnableCompression: true}
	service  = "ws://127.0.0.1:" + os.Args[2]
	channel  = os.Args[5]
	seen     = map[string]bool{}
	position string
)

func main() {
	text := readLine()
	echo := connect("/echo", "first", "second")
	send(echo, text)
	print(map[string]string{"type": "echoed", "data": string(receive(echo))})
	leave(echo)

	data := readLine()
	connection := subscribe()
	readUntil(connection, "subscribed")
	send(connection, command("publish", map[string]any{"data": json.RawMessage(data)}))
	readUntil(connection, "published", "message")
	leave(connection)
	print(map[string]string{"type": "left"})

	readLine()
	connection = subscribe()
	readUntil(connection, "last")
	leave(connection)
}

func subscribe() *websocket.Conn {
	connection := connect("/channels", "holdfast.v1")
	fields := map[string]any{}
	if position != "" {
		fields["from"] = position
	}
	send(connection, command("subscribe", fields))
	return connection
}

func command(name string, fields map[string]any) string {
	fields["type"] = name
	fields["channel"] = channel
	text, err := json.Marshal(fields)
	check(err)
	return string(text)
}

// Prints events until there was one of each of these types.
func readUntil(connection *websocket.Conn, types ...string) {
	for !sawAll(types) {
		text := receive(connection)
		fmt.Println(string(text))
		var e event
		check(json.Unmarshal(text, &e))
		seen[e.Type] = true
		if e.Type == "message" {
			position = e.Position
			seen["last"] = e.Data.Last
		}
	}
}

func sawAll(types []string) bool {
	for _, t := range types {
		if !seen[t] {
			return false
		}
	}
	return true
}

// The service has to select the first of the subprotocols.
func connect(path string, subprotocols ...string) *websocket.Conn {
	dialer.Subprotocols = subprotocols
	connection, _, err := dialer.Dial(service+path, nil)
	check(err)
	if connection.Subprotocol() != subprotocols[0] {
		log.Fatalf("not the subprotocol: %q", connection.Subprotocol())
	}
	return connection
}

func send(connection *websocket.Conn, text string) {
	check(connection.WriteMessage(websocket.TextMessage, []byte(text)))
}

func receive(connection *websocket.Conn) []byte {
	_, text, err := connection.ReadMessage()
	check(err)
	return text
}

// Closes it, and waits for the service's close frame.
func leave(connection *websocket.Conn) {
	normal := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	check(connection.WriteMessage(websocket.CloseMessage, normal))
	for {
		_, _, err := connection.ReadMessage()
		if websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			break
		}
		check(err)
	}
	check(connection.Close())
}

func print(value any) {
	text, err := json.Marshal(value)
	check(err)
	fmt.Println(string(text))
}

func readLine() string {
	line, err := input.ReadString('\n')
	check(err)
	return strings.TrimSuffix(line, "\n")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
