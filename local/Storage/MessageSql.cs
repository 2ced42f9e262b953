namespace Maintenance.Local.Storage;

/// <summary>
/// The statements of <see cref="SqliteMessageQueue"/>. States: 0 ready, 1 in hand, 2 handled, 3 given up. Instants are UTC ticks. <c>visible_at</c> of a message
/// in hand is the end of its lock. Each index holds one kind of row only, so that receiving costs the same beside a million handled ones.
/// </summary>
internal static class MessageSql
{
    public const string ProcessEnded = "The process ended while the message was handled.";
    public const string LockRanOut = "The message was not handled before its lock ran out.";

    public const string Schema = """
        CREATE TABLE IF NOT EXISTS messages (
            seq         INTEGER PRIMARY KEY,
            queue       TEXT    NOT NULL,
            id          TEXT    NOT NULL,
            body        TEXT    NOT NULL,
            state       INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
            visible_at  INTEGER NOT NULL,
            deliveries  INTEGER NOT NULL DEFAULT 0,
            reason      TEXT    NOT NULL DEFAULT '',
            enqueued_at INTEGER NOT NULL,
            received_from INTEGER,
            ended_at    INTEGER,
            UNIQUE (queue, id)
        );
        CREATE INDEX IF NOT EXISTS messages_receivable ON messages (queue, visible_at, seq) WHERE state < 2;
        CREATE INDEX IF NOT EXISTS messages_in_hand ON messages (seq) WHERE state = 1;
        CREATE INDEX IF NOT EXISTS messages_handled ON messages (ended_at) WHERE state = 2;
        CREATE INDEX IF NOT EXISTS messages_given_up ON messages (queue, ended_at, seq) WHERE state = 3;
        """;

    public const string Insert =
        "INSERT INTO messages (queue, id, body, visible_at, enqueued_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (queue, id) DO NOTHING";

    /// <summary>A message that was in hand until now is one whose lock ran out. The order by which they are handed out is that of becoming receivable.</summary>
    public const string Receive = """
        UPDATE messages
        SET state = 1, visible_at = ?4, deliveries = deliveries + 1, received_from = visible_at, reason = CASE WHEN state = 1 THEN ?5 ELSE reason END
        WHERE seq IN (SELECT seq FROM messages WHERE queue = ?1 AND state < 2 AND visible_at <= ?2 ORDER BY visible_at, seq LIMIT ?3)
        RETURNING received_from, seq, id, body, deliveries
        """;

    /// <summary>After receiving one delivery too many: that one is taken back, and the reason of the failure before stays.</summary>
    public const string GiveUpUsedUp = """
        UPDATE messages SET state = 3, deliveries = deliveries - 1, ended_at = ?3 WHERE queue = ?1 AND id = ?2 AND state = 1
        """;

    public const string Complete = "UPDATE messages SET state = 2, body = '', reason = ?5, ended_at = ?4" + InHand;
    public const string Abandon = "UPDATE messages SET state = 0, visible_at = ?4, reason = ?5" + InHand;
    public const string Release = "UPDATE messages SET state = 0, visible_at = ?4, deliveries = deliveries - 1, reason = ?5" + InHand;
    public const string GiveUp = "UPDATE messages SET state = 3, ended_at = ?4, reason = ?5" + InHand;

    public const string GiveBack = "UPDATE messages SET state = 0, visible_at = ?2, reason = ?3 WHERE seq = ?1";

    public const string Resend = """
        UPDATE messages SET state = 0, deliveries = 0, visible_at = ?3, reason = '', ended_at = NULL WHERE queue = ?1 AND id = ?2 AND state = 3
        """;

    public const string ListDead = """
        SELECT id, body, reason, deliveries, ended_at FROM messages WHERE queue = ?1 AND state = 3 ORDER BY ended_at, seq LIMIT ?2
        """;

    public const string CountReady = "SELECT count(*) FROM messages WHERE queue = ?1 AND state < 2";
    public const string CountDead = "SELECT count(*) FROM messages WHERE queue = ?1 AND state = 3";
    public const string NextVisible = "SELECT min(visible_at) FROM messages WHERE queue = ?1 AND state < 2";

    public const string Purge = "DELETE FROM messages WHERE seq IN (SELECT seq FROM messages WHERE state = 2 AND ended_at < ?1 LIMIT ?2)";

    /// <summary>The delivery's number is the lock's token: a later delivery has another.</summary>
    private const string InHand = " WHERE queue = ?1 AND id = ?2 AND deliveries = ?3 AND state = 1";
}
