import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Verifies a key and reads what it may read, over JDBC alone: no PostgREST and no token. */
final class Documents {
  public static void main(String[] arguments) throws SQLException {
    Optional<UUID> id = verify(System.getenv("API_KEY"));
    if (id.isEmpty()) {
      System.out.println("Invalid API key");
      return;
    }
    titles(id.get()).forEach(System.out::println);
  }

  static Optional<UUID> verify(String key) throws SQLException {
    try (Connection connection = DriverManager.getConnection(System.getenv("SERVER_URL"));
        PreparedStatement statement =
            connection.prepareStatement("select verify_api_key(?) ->> 'api_key_id'")) {
      statement.setString(1, key);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return Optional.ofNullable(rows.getString(1)).map(UUID::fromString);
      }
    }
  }

  /**
   * The claims and the role of this transaction say who asks; its login is a latchkey_api_server.
   */
  static List<String> titles(UUID key) throws SQLException {
    try (Connection connection = DriverManager.getConnection(System.getenv("READER_URL"))) {
      connection.setAutoCommit(false);
      try (PreparedStatement statement =
          connection.prepareStatement(
              """
              select
                set_config('request.jwt.claims', jsonb_build_object('role', 'api_key', 'sub', ?)::text, true),
                set_config('role', 'api_key', true)
              """)) {
        statement.setString(1, key.toString());
        statement.execute();
      }
      try (PreparedStatement statement =
              connection.prepareStatement("select title from documents order by title");
          ResultSet rows = statement.executeQuery()) {
        List<String> titles = new ArrayList<>();
        while (rows.next()) {
          titles.add(rows.getString(1));
        }
        return titles;
      } finally {
        connection.rollback();
      }
    }
  }
}
