package main

import (
	"encoding/binary"
	"errors"
	"io"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/mongo/driver/wiremessage"
)

const largestMessage = 48_000_000

// request is a command: in an OP_MSG, or in the OP_QUERY with which a driver greets a server that it does not know yet.
type request struct {
	id      int32
	opcode  wiremessage.OpCode
	command bson.Raw
}

var errMessage = errors.New("not a message of MongoDB's wire protocol")

func readRequest(from io.Reader) (request, error) {
	head := make([]byte, 16)
	if _, err := io.ReadFull(from, head); err != nil {
		return request{}, err
	}
	length := int32(binary.LittleEndian.Uint32(head))
	if length < 16 || length > largestMessage {
		return request{}, errMessage
	}
	_, id, _, opcode, _, _ := wiremessage.ReadHeader(head)
	body := make([]byte, length-16)
	if _, err := io.ReadFull(from, body); err != nil {
		return request{}, err
	}
	command, ok := commandOf(opcode, body)
	if !ok {
		return request{}, errMessage
	}
	return request{id, opcode, command}, nil
}

func commandOf(opcode wiremessage.OpCode, body []byte) (bson.Raw, bool) {
	var ok bool
	switch opcode {
	case wiremessage.OpMsg:
		if _, body, ok = wiremessage.ReadMsgFlags(body); !ok {
			return nil, false
		}
		if _, body, ok = wiremessage.ReadMsgSectionType(body); !ok {
			return nil, false
		}
		command, _, ok := wiremessage.ReadMsgSectionSingleDocument(body)
		return bson.Raw(command), ok
	case wiremessage.OpQuery:
		if _, body, ok = wiremessage.ReadQueryFlags(body); !ok {
			return nil, false
		}
		if _, body, ok = wiremessage.ReadQueryFullCollectionName(body); !ok {
			return nil, false
		}
		if len(body) < 8 {
			return nil, false
		}
		command, _, ok := wiremessage.ReadQueryQuery(body[8:]) // after how many to skip and to return
		return bson.Raw(command), ok
	default:
		return nil, false
	}
}

func writeReply(to io.Writer, of request, document bson.M) error {
	bytes, err := bson.Marshal(document)
	if err != nil {
		return err
	}
	opcode := wiremessage.OpMsg
	if of.opcode == wiremessage.OpQuery {
		opcode = wiremessage.OpReply
	}
	start, message := wiremessage.AppendHeaderStart(nil, wiremessage.NextRequestID(), of.id, opcode)
	if opcode == wiremessage.OpReply {
		message = wiremessage.AppendReplyFlags(message, 0)
		message = wiremessage.AppendReplyCursorID(message, 0)
		message = wiremessage.AppendReplyStartingFrom(message, 0)
		message = wiremessage.AppendReplyNumberReturned(message, 1)
	} else {
		message = wiremessage.AppendMsgFlags(message, 0)
		message = wiremessage.AppendMsgSectionType(message, wiremessage.SingleDocument)
	}
	message = append(message, bytes...)
	binary.LittleEndian.PutUint32(message[start:], uint32(len(message)))
	_, err = to.Write(message)
	return err
}
