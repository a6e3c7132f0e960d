// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Answer;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What a browser may keep of the page, and for how long. */
@HoldfastTest
class PageFilesTest {

    private static final Pattern ASSET = Pattern.compile("\"(/assets/[a-z]+-[A-Z0-9]{8}\\.(?:js|css|svg))\"");

    @Autowired
    Ports ports;

    private Answer get(String path) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            return http.get(path).readAnswer();
        }
    }

    @Test
    void whatTheDocumentListsNeverChanges() throws IOException {
        List<String> assets = ASSET.matcher(get("/").text())
                .results()
                .map((MatchResult match) -> match.group(1))
                .distinct()
                .toList();

        assertThat(assets).anyMatch(path -> path.endsWith(".js")).anyMatch(path -> path.endsWith(".css"));
        for (String asset : assets) {
            Answer answer = get(asset);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head().values("Cache-Control")).containsExactly("max-age=31536000, public, immutable");
        }
    }

    /** Also after another version was installed: all files of a jar have the same time. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/client/channel.js", "/client/survive/intermediaries.json"})
    void filesWithoutAHashInTheirNamesAreRevalidatedByTheirContent(String path) throws IOException {
        Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head().values("Cache-Control")).containsExactly("no-cache");
        assertThat(answer.head().values("ETag")).hasSize(1);
        assertThat(answer.head().values("Last-Modified")).isEmpty();
    }

    @Test
    void anAssetOfAnotherVersionIsNotThereAndNotKept() throws IOException {
        Answer answer = get("/assets/app-AAAAAAAA.js");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.head().values("Cache-Control")).noneMatch(value -> value.contains("immutable"));
    }
}
