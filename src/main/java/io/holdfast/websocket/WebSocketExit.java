package io.holdfast.websocket;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.fault.Cut;
import io.holdfast.fault.Exit;
import io.holdfast.fault.Sockets;
import org.springframework.web.socket.CloseStatus;

/** How a WebSocket is cut. */
record WebSocketExit(WebSocketConnection webSocket, Connection connection) implements Exit {

    @Override
    public void ending() {
        connection.ending(CloseReason.FAULT);
    }

    @Override
    public void close(Cut cut) {
        webSocket.close(new CloseStatus(cut.code(), cut.reason().isEmpty() ? null : cut.reason()));
    }

    @Override
    public void reset() {
        webSocket.fallSilent();
        Sockets.reset(webSocket.getEndPoint());
    }

    @Override
    public void stall() {
        webSocket.fallSilent();
        webSocket.gate().pause();
    }

    @Override
    public void halfClose() {
        webSocket.fallSilent();
        webSocket.getEndPoint().shutdownOutput();
        webSocket.resumeReading();
    }

    @Override
    public void abort() {
        webSocket.abort();
    }
}
