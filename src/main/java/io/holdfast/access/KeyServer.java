// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an identity provider publishes its keys, as a JWK set (RFC 7517). Safe from any thread.
 *
 * <p>Unless the address of the keys is configured, the issuer's metadata have it (OpenID Connect Discovery 1.0, RFC
 * 8414).
 */
final class KeyServer {

    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration READ = Duration.ofSeconds(2);

    /** Bytes. Keys with their chains of certificates have some thousands each. */
    private static final int LARGEST = 256 * 1024;

    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private final @Nullable String issuer;
    private final @Nullable String keys;
    private final ResourceRetriever retriever =
            new DefaultResourceRetriever((int) CONNECT.toMillis(), (int) READ.toMillis(), LARGEST);

    /**
     * @param issuer may be null if {@code keys} is not
     * @param keys the address of the keys; null if the issuer tells it
     */
    KeyServer(@Nullable String issuer, @Nullable String keys) {
        this.issuer = issuer;
        this.keys = keys;
    }

    /**
     * Fetches the keys. Blocks; each wait for the network has a limit, and an interrupt of a virtual thread ends it.
     */
    JWKSet fetch() throws IOException, ParseException {
        String address = keys == null ? discover(String.valueOf(issuer)) : keys;
        return JWKSet.parse(read(address));
    }

    private String read(String address) throws IOException {
        return retriever.retrieveResource(URI.create(address).toURL()).getContent();
    }

    private String discover(String name) throws IOException, ParseException {
        Map<String, Object> metadata = JSONObjectUtils.parse(metadata(name));
        if (!name.equals(metadata.get("issuer"))) {
            throw new IOException("the metadata are of another issuer: " + metadata.get("issuer"));
        }
        String address = String.valueOf(metadata.get("jwks_uri"));
        if (!IssuerProperties.isAddress(address)) {
            throw new IOException("the issuer's metadata have no address of keys in jwks_uri");
        }
        return address;
    }

    private String metadata(String name) throws IOException {
        IOException failure = new IOException("there are no metadata of the issuer");
        for (String location : locations(URI.create(name))) {
            try {
                return read(location);
            } catch (IOException e) {
                failure.addSuppressed(e);
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        throw failure;
    }

    /** OpenID Connect appends to the issuer's path (section 4), RFC 8414 puts it before the path (section 3.1). */
    private static List<String> locations(URI issuer) {
        String path = String.valueOf(issuer.getRawPath()).replaceFirst("/$", "");
        String host = issuer.getScheme() + "://" + issuer.getRawAuthority();
        return List.of(host + path + OPENID, host + OPENID + path, host + OAUTH + path).stream()
                .distinct()
                .toList();
    }

    /** Its address, for a log. */
    @Override
    public String toString() {
        return String.valueOf(keys == null ? issuer : keys).replaceAll("//[^/]*@", "//***@");
    }
}
