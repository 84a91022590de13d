// Command gridpact-generator loads an MQTT broker with envelopes of many devices, and costs little itself. Whoever
// starts it talks to it in lines of JSON: loadtest/src/generator in this repository.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"gridpact.example/generator/fleet"
	"gridpact.example/generator/mqtt"
	"gridpact.example/generator/publish"
	"gridpact.example/generator/stock"
)

const usage = `usage: gridpact-generator COMMAND

  sign -out FILE               reads what to sign as JSON, writes the envelopes to FILE
  publish -stock FILE -target FILE
                               reads rounds as lines of JSON, answers each with its result
  fleet -target FILE           reads what to play as JSON, answers with its progress and its report
`

// exitUnusable is for a command line that cannot be used, as getopt programs have it.
const exitUnusable = 2

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "gridpact-generator: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, input io.Reader, output io.Writer) error {
	commands := map[string]func([]string, io.Reader, *json.Encoder) error{
		"sign": sign, "publish": publishRounds, "fleet": playFleet,
	}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(exitUnusable)
	}
	return commands[args[0]](args[1:], input, json.NewEncoder(output))
}

func sign(args []string, input io.Reader, answers *json.Encoder) error {
	flags := flag.NewFlagSet("sign", flag.ExitOnError)
	out := flags.String("out", "", "file that gets the envelopes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var options stock.Options
	if err := json.NewDecoder(input).Decode(&options); err != nil {
		return fmt.Errorf("what to sign is no JSON: %w", err)
	}
	hash, err := stock.Sign(options).WriteFile(*out)
	if err != nil {
		return err
	}
	return answers.Encode(map[string]any{"state": "signed", "sha256": hash})
}

// answer is a result, or the reason why there is none.
type answer struct {
	State string `json:"state"`
	publish.Result
	Error string `json:"error,omitempty"`
}

func publishRounds(args []string, input io.Reader, answers *json.Encoder) error {
	flags := flag.NewFlagSet("publish", flag.ExitOnError)
	stockPath := flags.String("stock", "", "file that sign wrote")
	targetPath := flags.String("target", "", "file that says where the broker is")
	if err := flags.Parse(args); err != nil {
		return err
	}
	supply, err := stock.ReadFile(*stockPath)
	if err != nil {
		return err
	}
	target, err := mqtt.ReadTarget(*targetPath)
	if err != nil {
		return err
	}
	publisher, err := publish.Open(supply, target)
	if err != nil {
		return err
	}
	defer publisher.Close()
	if err := answers.Encode(map[string]any{"state": "ready", "devices": publisher.Devices()}); err != nil {
		return err
	}
	for lines := bufio.NewScanner(input); lines.Scan(); {
		var round publish.Round
		if err := json.Unmarshal(lines.Bytes(), &round); err != nil {
			return fmt.Errorf("a round is no JSON: %w", err)
		}
		result, err := publisher.Run(round)
		if err != nil {
			return answers.Encode(answer{"failed", result, err.Error()})
		}
		if err := answers.Encode(answer{"done", result, ""}); err != nil {
			return err
		}
	}
	return nil
}

func playFleet(args []string, input io.Reader, answers *json.Encoder) error {
	flags := flag.NewFlagSet("fleet", flag.ExitOnError)
	targetPath := flags.String("target", "", "file that says where the broker is")
	if err := flags.Parse(args); err != nil {
		return err
	}
	target, err := mqtt.ReadTarget(*targetPath)
	if err != nil {
		return err
	}
	if err := fleet.AllowFiles(len(target.Devices)); err != nil {
		return err
	}
	// Progress comes from a goroutine of its own, and an encoder serves one at a time.
	lines := make(chan any)
	written := make(chan error)
	go func() {
		var failure error
		for line := range lines {
			failure = errors.Join(failure, answers.Encode(line))
		}
		written <- failure
	}()
	devices, err := fleet.New(target, func(progress fleet.Progress) {
		lines <- map[string]any{"state": "progress", "progress": progress}
	})
	if err != nil {
		return err
	}
	var options fleet.Options
	if err := json.NewDecoder(input).Decode(&options); err != nil {
		return fmt.Errorf("what to play is no JSON: %w", err)
	}
	report, err := devices.Run(options)
	answer := map[string]any{"state": "done", "report": report}
	if err != nil {
		answer["state"], answer["error"] = "failed", err.Error()
	}
	lines <- answer
	close(lines)
	return <-written
}
