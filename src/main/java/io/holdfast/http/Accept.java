// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.util.List;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;

/** Content negotiation by {@code Accept} (RFC 9110, section 12.5.1). */
final class Accept {

    private Accept() {}

    /** The media types of a request's {@code Accept}. */
    static List<MediaType> of(HttpHeaders headers) throws HttpMediaTypeNotAcceptableException {
        try {
            return headers.getAccept();
        } catch (InvalidMediaTypeException e) {
            throw new HttpMediaTypeNotAcceptableException("Accept can't be parsed");
        }
    }

    /**
     * The best of {@code offered} for a client; the first one among equals.
     *
     * @param accept in any order; an empty list accepts everything
     * @throws HttpMediaTypeNotAcceptableException if the client accepts none
     */
    static <T> T choose(List<MediaType> accept, List<T> offered, Function<T, MediaType> type)
            throws HttpMediaTypeNotAcceptableException {
        T best = null;
        double bestQuality = 0;
        for (T one : offered) {
            double quality = accept.isEmpty() ? 1 : quality(accept, type.apply(one));
            if (quality > bestQuality) {
                best = one;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw new HttpMediaTypeNotAcceptableException(
                    offered.stream().map(type).toList());
        }
        return best;
    }

    /** The quality that the most specific of {@code accept} gives {@code type}. */
    private static double quality(List<MediaType> accept, MediaType type) {
        MediaType closest = null;
        for (MediaType range : accept) {
            if (range.includes(type) && (closest == null || specificity(closest) < specificity(range))) {
                closest = range;
            }
        }
        return closest == null ? 0 : closest.getQualityValue();
    }

    /** Not {@link MediaType#isLessSpecific}, which compares qualities before ranges. */
    private static int specificity(MediaType range) {
        if (range.isWildcardType()) {
            return 0;
        }
        return range.isWildcardSubtype() ? 1 : 2;
    }
}
