// SPDX-License-Identifier: Apache-2.0
// TLS of the standard library: raw TCP, and the channel protocol in lines.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

var (
	input    = bufio.NewReader(os.Stdin)
	channel  = os.Args[5]
	position string
)

func main() {
	text := readLine()
	echo := connect(os.Args[3])
	fmt.Fprint(echo, text)
	check(echo.CloseWrite())
	answer, err := io.ReadAll(echo)
	check(err)
	print(map[string]string{"type": "echoed", "data": string(answer)})

	data := readLine()
	connection, events := subscribe()
	send(connection, map[string]any{"type": "publish", "data": json.RawMessage(data)})
	readUntil(events, "\"type\":\"published\"", "\"type\":\"message\"")
	leave(connection, events)
	print(map[string]string{"type": "left"})

	readLine()
	connection, events = subscribe()
	readUntil(events, "\"last\":true")
	leave(connection, events)
}

func connect(port string) *tls.Conn {
	connection, err := tls.Dial("tcp", "localhost:"+port, &tls.Config{InsecureSkipVerify: true})
	check(err)
	return connection
}

func subscribe() (*tls.Conn, *bufio.Reader) {
	connection := connect(os.Args[4])
	command := map[string]any{"type": "subscribe"}
	if position != "" {
		command["from"] = position
	}
	send(connection, command)
	events := bufio.NewReader(connection)
	readUntil(events, "\"type\":\"subscribed\"")
	return connection, events
}

func send(connection *tls.Conn, command map[string]any) {
	command["channel"] = channel
	line, err := json.Marshal(command)
	check(err)
	fmt.Fprintf(connection, "%s\n", line)
}

// Prints events until all texts were in one. Keeps the position of the last message.
func readUntil(events *bufio.Reader, texts ...string) {
	missing := len(texts)
	for missing > 0 {
		line, err := events.ReadString('\n')
		check(err)
		fmt.Print(line)
		var message struct{ Type, Position string }
		check(json.Unmarshal([]byte(line), &message))
		if message.Type == "message" {
			position = message.Position
		}
		for _, text := range texts {
			if strings.Contains(line, text) {
				missing--
			}
		}
	}
}

// Sends close_notify, and reads to that of the service.
func leave(connection *tls.Conn, events *bufio.Reader) {
	send(connection, map[string]any{"type": "unsubscribe"})
	check(connection.CloseWrite())
	_, err := io.Copy(os.Stdout, events)
	check(err)
	check(connection.Close())
}

func print(event map[string]string) {
	line, err := json.Marshal(event)
	check(err)
	fmt.Println(string(line))
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
