// Package feid is the k6 module "k6/x/gridpact": devices that enrol with a virtual node, sign envelopes and publish
// them over MQTT with mutual TLS.
package feid

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"gridpact.example/generator/envelope"
)

const (
	connectTimeout = 15 * time.Second
	publishTimeout = 30 * time.Second
	// A certificate answer is a few KiB; more is not an answer.
	enrolmentAnswerBytesMax = 64 * 1024
)

// DeviceOptions says which device to be and where its virtual node is.
type DeviceOptions struct {
	DeviceID string `js:"deviceId"`
	// Token is the one-time enrolment token of this device.
	Token string `js:"token"`
	// EnrolURL is the enrolment endpoint, such as https://127.0.0.1:8443/enrol.
	EnrolURL string `js:"enrolUrl"`
	// MqttHost is the host of the broker; its port comes with the enrolment.
	MqttHost string `js:"mqttHost"`
	// CaFile holds the certificate that the enrolment endpoint and the broker must chain to.
	CaFile string `js:"caFile"`
}

// Device is an enrolled and connected virtual device.
type Device struct {
	chain  *envelope.Chain
	client mqtt.Client
	topic  string
}

type enrolmentAnswer struct {
	CertificatePem string `json:"certificatePem"`
	CaPem          string `json:"caPem"`
	MqttPort       int    `json:"mqttPort"`
}

// openDevice makes a key, enrols it and connects.
func openDevice(options DeviceOptions) (*Device, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("no key: %w", err)
	}
	roots, err := rootsFrom(options.CaFile)
	if err != nil {
		return nil, err
	}
	answer, err := enrol(options, key, roots)
	if err != nil {
		return nil, err
	}
	certificate, err := certificateOf(answer, key)
	if err != nil {
		return nil, err
	}
	client := mqtt.NewClient(clientOptions(options, answer, roots, certificate))
	if err := wait(client.Connect(), connectTimeout); err != nil {
		return nil, fmt.Errorf("%s cannot connect: %w", options.DeviceID, err)
	}
	chain := envelope.NewChain(options.DeviceID, key)
	return &Device{chain, client, envelope.ReadingTopic(options.DeviceID)}, nil
}

// Publish sends one envelope of count readings, stepMs apart and ending at lastUnixMs. It returns at the PUBACK, with
// the time that took in ms.
func (d *Device) Publish(lastUnixMs int64, stepMs int64, count int, powerW int64) (float64, error) {
	return d.send(d.chain.Next(lastUnixMs, stepMs, count, powerW))
}

// PublishForged sends one envelope whose signature does not verify; it is acknowledged too, once its rejection is
// durable. A device that sends 16 of them is quarantined.
func (d *Device) PublishForged(atUnixMs int64) (float64, error) {
	return d.send(d.chain.Forged(atUnixMs))
}

func (d *Device) send(signed []byte) (float64, error) {
	started := time.Now()
	if err := wait(d.client.Publish(d.topic, 1, false, signed), publishTimeout); err != nil {
		return 0, fmt.Errorf("%s got no PUBACK: %w", d.chain.DeviceID(), err)
	}
	return float64(time.Since(started).Microseconds()) / 1000, nil
}

// Close disconnects after what is in flight.
func (d *Device) Close() { d.client.Disconnect(250) }

func rootsFrom(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("no CA certificate: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", path)
	}
	return roots, nil
}

func enrol(options DeviceOptions, key ed25519.PrivateKey, roots *x509.CertPool) (*enrolmentAnswer, error) {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}}
	client := &http.Client{Timeout: connectTimeout, Transport: transport}
	defer transport.CloseIdleConnections()
	request := envelope.EnrolmentRequest(options.DeviceID, key, options.Token)
	response, err := client.Post(options.EnrolURL, "application/octet-stream", bytes.NewReader(request))
	if err != nil {
		return nil, fmt.Errorf("%s cannot enrol: %w", options.DeviceID, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, enrolmentAnswerBytesMax))
	if err != nil {
		return nil, fmt.Errorf("%s got no enrolment answer: %w", options.DeviceID, err)
	}
	if response.StatusCode != http.StatusOK {
		const hint = "a profile serves one run, make a new one with gridpact load-profile"
		return nil, fmt.Errorf("%s was not enrolled: %d %s (%s)", options.DeviceID, response.StatusCode, body, hint)
	}
	answer := &enrolmentAnswer{}
	if err := json.Unmarshal(body, answer); err != nil {
		return nil, fmt.Errorf("enrolment answer of %s is no JSON: %w", options.DeviceID, err)
	}
	return answer, nil
}

func certificateOf(answer *enrolmentAnswer, key ed25519.PrivateKey) (tls.Certificate, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key cannot be encoded: %w", err)
	}
	certificate, err := tls.X509KeyPair([]byte(answer.CertificatePem), pemOf(pkcs8))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate does not fit the key: %w", err)
	}
	return certificate, nil
}

func clientOptions(
	options DeviceOptions, answer *enrolmentAnswer, roots *x509.CertPool, own tls.Certificate,
) *mqtt.ClientOptions {
	// Nothing is resent behind the script's back: what a lost connection took along shows as a missing PUBACK.
	return mqtt.NewClientOptions().
		AddBroker(fmt.Sprintf("ssl://%s:%d", options.MqttHost, answer.MqttPort)).
		SetClientID(options.DeviceID).
		SetProtocolVersion(4).
		SetCleanSession(true).
		SetConnectTimeout(connectTimeout).
		SetAutoReconnect(false).
		SetTLSConfig(&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS13})
}

func wait(token mqtt.Token, timeout time.Duration) error {
	if !token.WaitTimeout(timeout) {
		return errors.New("no answer in time")
	}
	return token.Error()
}
