// An outside verifier of the audit log, on golang.org/x/mod/sumdb (Debian: golang-golang-x-mod-dev).
//
// Standard input: {"keys": [verifier key, …], "checkpoints": [older, newer], "proofs": [tlog-proof, …], "consistency": [base64, …]}.
// It exits with 0 where every signature, inclusion proof and the consistency proof between the checkpoints hold, and with 1, saying
// what does not, otherwise.
package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type tree struct {
	size int64
	root tlog.Hash
}

func main() {
	var input struct {
		Keys        []string
		Checkpoints []string
		Proofs      []string
		Consistency []string
	}
	check(json.NewDecoder(os.Stdin).Decode(&input))
	var verifiers []note.Verifier
	for _, key := range input.Keys {
		verifier, err := note.NewVerifier(key)
		check(err)
		verifiers = append(verifiers, verifier)
	}
	known := note.VerifierList(verifiers...)
	var trees []tree
	for _, text := range input.Checkpoints {
		trees = append(trees, open(text, known))
	}
	for _, text := range input.Proofs {
		checkRecord(text, known)
	}
	if len(trees) == 2 {
		var proof tlog.TreeProof
		for _, hash := range input.Consistency {
			proof = append(proof, parseHash(hash))
		}
		check(tlog.CheckTree(proof, trees[1].size, trees[1].root, trees[0].size, trees[0].root))
	}
	fmt.Printf("%d checkpoints, %d proofs\n", len(trees), len(input.Proofs))
}

// open checks the signature of a checkpoint (c2sp.org/tlog-checkpoint) and reads its tree.
func open(text string, known note.Verifiers) tree {
	signed, err := note.Open([]byte(text), known)
	check(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != signed.Sigs[0].Name {
		check(errors.New("a checkpoint has three lines, the first is the name of its key"))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	return tree{size, parseHash(lines[2])}
}

// checkRecord checks a proof (c2sp.org/tlog-proof@v1) whose extra data are the leaf.
func checkRecord(text string, known note.Verifiers) {
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		check(errors.New("not a tlog-proof"))
	}
	leaf, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	check(err)
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		proof = append(proof, parseHash(line))
	}
	state := open(checkpoint, known)
	check(tlog.CheckRecord(proof, state.size, state.root, index, tlog.RecordHash(leaf)))
}

func parseHash(text string) tlog.Hash {
	hash, err := tlog.ParseHash(text)
	check(err)
	return hash
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
