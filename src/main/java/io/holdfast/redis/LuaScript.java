// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Lua script, from resources next to this class. Redis runs it atomically. It is loaded once and called by its
 * digest.
 */
enum LuaScript {
    APPEND("channel.lua", "append.lua"),
    READ("channel.lua", "read.lua"),
    SIZE("channel.lua", "size.lua"),
    REVOKE("revoke.lua"),
    REVOCATIONS("revocations.lua"),
    ANNOUNCE("announce.lua"),
    PUT_TICKET("put-ticket.lua"),
    TAKE_TICKET("take-ticket.lua");

    private final String text;
    private final String digest;

    LuaScript(String... files) {
        text = Stream.of(files).map(LuaScript::load).collect(Collectors.joining());
        try {
            digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String load(String file) {
        try (InputStream in = LuaScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }

    CompletionStage<List<Object>> run(
            RedisScriptingAsyncCommands<String, byte[]> commands, String[] keys, byte[]... arguments) {
        CompletableFuture<List<Object>> answer = commands.<List<Object>>evalsha(
                        digest, ScriptOutputType.MULTI, keys, arguments)
                .toCompletableFuture();
        return answer.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause instanceof RedisNoScriptException
                    ? commands.eval(text, ScriptOutputType.MULTI, keys, arguments)
                    : CompletableFuture.failedFuture(cause);
        });
    }
}
