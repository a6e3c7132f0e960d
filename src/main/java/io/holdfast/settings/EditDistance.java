// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

/** How many letters are to be inserted, deleted, replaced or swapped with their neighbour. */
final class EditDistance {

    private EditDistance() {}

    static int between(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : least(distance, a, i, b, j);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int least(int[][] distance, String a, int i, String b, int j) {
        int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
        boolean isSwap = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return isSwap ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
    }
}
